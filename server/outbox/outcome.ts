import { because, type Because } from '@zhiyin/shared/because'
import { retryOf } from '../platform/errors.ts'
import { wecomOf } from '../wecom/types.ts'
import type { AppSent } from '../wecom/types.ts'
import type { IntentDoc } from './intents.model.ts'

/** What a call came to, and so where its intents go. */
export type Outcome =
  | {
      readonly kind: 'sent'
      readonly msgid: string | null
      readonly failed: ReadonlySet<string>
      /** What there is to say beside that it was sent. */
      readonly because?: Because[]
      /** app: what WeCom took. */
      readonly answers?: AppSent[]
    }
  /** Certainly not done; again after `afterMs` (null: more and more slowly). */
  | { readonly kind: 'later'; readonly afterMs: number | null; readonly because: Because[] }
  | { readonly kind: 'failed'; readonly because: Because[] }
  | { readonly kind: 'unsure'; readonly because?: Because[] }

export const done: Extract<Outcome, { kind: 'sent' }> = { kind: 'sent', msgid: null, failed: new Set() }

/** WeCom's check of the content refused it: what would go out with the same words would be refused too (errors.md). */
export const isSpam = (outcome: Outcome): boolean =>
  outcome.kind === 'failed' &&
  outcome.because.some(({ params }) => params['errcode'] === 40201 || params['errcode'] === 40204)

/** 41050 the code is over; 41051 and 41096 it was used or is being used (apis.md §10). */
const welcomeRefused = (errcode: number, repeated: boolean): Outcome | null => {
  if (errcode === 41050) return { kind: 'failed', because: [because('block.welcome_expired')] }
  if (errcode !== 41051 && errcode !== 41096) return null
  // A code works once: after a lost answer this says that our own call went through.
  return repeated ? done : { kind: 'failed', because: [because('block.welcome_taken')] }
}

/**
 * Reads a failed call. An error that is not WeCom's says nothing about whether it was done, so it counts as a lost answer.
 * `repeated`: the same thing may have been done by an earlier call of ours.
 */
export const outcomeOf = (error: unknown, channel: IntentDoc['channel'], repeated: boolean): Outcome => {
  const told = wecomOf(error)
  if (told === null || told.kind === 'ambiguous') return { kind: 'unsure' }
  const { kind, errcode, hint } = told
  if (channel === 'welcome') {
    const outcome = welcomeRefused(errcode, repeated)
    if (outcome !== null) return outcome
  }
  const refused = [because('send.refused', { errcode, hint: hint.slice(0, 200) })]
  // A robot that is gone or switched off (93000, 93004, 93008) does not come back by waiting.
  const hopeless = kind === 'refused' || kind === 'gone' || (kind === 'config' && channel === 'robot')
  if (hopeless) return { kind: 'failed', because: refused }
  const retry = retryOf(error)
  const afterMs = typeof retry === 'object' ? retry.afterMs : null
  return { kind: 'later', afterMs, because: kind === 'config' ? refused : [] }
}
