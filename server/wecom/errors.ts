import { AppError, type Retry } from '../platform/errors.ts'
import { isBug, isKnown } from './errcodes.ts'
import type { WecomErrorKind } from './types.ts'

const BLOCKED_MS = 60_000
const CONFIG_MS = 60_000

/** A minute limit blocks for 60 s; a configuration fault is looked at again after a minute, in case a person has mended it. */
const retries: Readonly<Record<WecomErrorKind, Retry>> = {
  token: 'backoff',
  busy: 'backoff',
  blocked: { afterMs: BLOCKED_MS },
  refused: 'never',
  config: { afterMs: CONFIG_MS },
  gone: 'never',
  ambiguous: 'never',
  unreachable: 'backoff',
}

type Told = {
  kind: WecomErrorKind
  path: string
  /** 0 when no errcode came. */
  errcode: number
  /** WeCom's own words, for people. */
  hint: string
  /** How long to leave the path alone, where more is known than the kind says. */
  afterMs?: number
  cause?: unknown
}

/**
 * A call of WeCom that failed. `kind` decides everything: whether to retry, whom to tell. Two codes reach a person: `wecom.refused`
 * with the errcode, and `wecom.unreachable` when there was no answer.
 */
export class WecomError extends AppError {
  readonly kind: WecomErrorKind
  readonly errcode: number
  readonly path: string
  readonly hint: string

  constructor({ kind, path, errcode, hint, afterMs, cause }: Told) {
    const lost = kind === 'ambiguous' || kind === 'unreachable'
    super(lost ? 'wecom.unreachable' : 'wecom.refused', {
      params: lost ? { path } : { path, errcode, hint },
      retry: afterMs === undefined ? retries[kind] : { afterMs },
      status: lost || kind === 'busy' || kind === 'blocked' ? 503 : 502,
      report: kind === 'config' || (kind === 'refused' && (!isKnown(errcode) || isBug(errcode))),
      cause,
    })
    this.name = 'WecomError'
    this.kind = kind
    this.errcode = errcode
    this.path = path
    this.hint = hint
  }
}

/** WeCom's errmsg without the link at its end; it may name the calling IP (60020), which a person needs. */
export const hintOf = (errmsg: string): string => errmsg.replace(/,? ?more info at \S+$/, '').slice(0, 300)

/** Whether a person should look into WeCom's settings: a fault of them, or an errcode nobody knows. */
export const isFault = ({ kind, errcode }: WecomError): boolean =>
  kind === 'config' || (kind === 'refused' && !isKnown(errcode))

export const isWecomError = (error: unknown, ...errcodes: readonly number[]): error is WecomError =>
  error instanceof WecomError && (errcodes.length === 0 || errcodes.includes(error.errcode))
