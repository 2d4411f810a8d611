import type { CheckId } from '@zhiyin/shared/setup/checks'
import type { FindingCode } from '@zhiyin/shared/setup/findings'
import type { CheckState } from '@zhiyin/shared/setup/result'
import type { Params } from '@zhiyin/shared/text'
import { ipIn, plainHint } from '@zhiyin/shared/wecom-advice'
import { messageOf } from '../platform/errors.ts'
import { wecomOf } from '../wecom/types.ts'

/** What a look has found. */
export type Found = { state: CheckState; code: FindingCode; params: Params; errcode: number | null }
export type Look = () => Promise<Found>
export type Looks<K extends CheckId> = Readonly<Record<K, Look>>

export const ok = (code: FindingCode, params: Params = {}): Found => ({ state: 'ok', code, params, errcode: null })
export const wrong = (code: FindingCode, params: Params = {}): Found => ({
  state: 'wrong',
  code,
  params,
  errcode: null,
})
export const unknown = (code: FindingCode, params: Params = {}): Found => ({
  state: 'unknown',
  code,
  params,
  errcode: null,
})

/** What a refused call of WeCom tells: whose fault it is, and what mends it by its errcode. Throws what is no such refusal. */
export const refusedBy = (error: unknown, code: FindingCode = 'wecom'): Found => {
  const refusal = wecomOf(error)
  if (refusal === null) throw error
  const { kind, errcode, hint } = refusal
  if (kind === 'unreachable' || kind === 'ambiguous') return unknown('away', { why: plainHint(hint) })
  const params = { errcode, hint: plainHint(hint), ip: ipIn(hint) }
  // Busy or over the limit says nothing about the setup.
  if (kind === 'busy' || kind === 'blocked') return { ...unknown('wecom', params), errcode: null }
  return { state: 'wrong', code, params, errcode }
}

/** What a failing look comes to, so that it hides no other. */
export const failed = (error: unknown): Found =>
  wecomOf(error) === null ? unknown('failed', { why: messageOf(error) }) : refusedBy(error)

/** Asked for once in a round, however many looks want it. */
export const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | null = null
  return () => (asked ??= ask())
}

/** Why something did not answer, without an address or password: the innermost code or message. */
export const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return whyOf(error.errors[0])
  if (error.cause instanceof Error) return whyOf(error.cause)
  if (error.name === 'TimeoutError') return 'time-out'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message.replace(/\/\/[^@\s/]*@/g, '//')
}
