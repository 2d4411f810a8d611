import type { z } from 'zod'
import type { Urgency } from './budget/limits.ts'

/** Whose token a call carries: the app of customer contact (客户联系), the self-built app, or none. */
export type TokenOf = 'contact' | 'agent' | 'none'

/**
 * One WeCom API. `read`: safe to repeat. `repeatable`: changes something, but twice is as once. `once`: twice is twice, so a lost
 * answer is `ambiguous`.
 */
export type WecomEndpoint<I extends z.ZodType, O extends z.ZodType> = {
  readonly method: 'GET' | 'POST'
  readonly path: `/cgi-bin/${string}`
  readonly token: TokenOf
  readonly effect: 'read' | 'repeatable' | 'once'
  readonly request: I
  readonly response: O
  /** How long one try may take; default 8 s. */
  readonly timeoutMs?: number
  /** How long all tries together may take, waits included; default 20 s, or one try. What is sent once has one try. */
  readonly withinMs?: number
  /** Where the call itself says how urgent it is; else the caller does (default `soon`). */
  readonly urgency?: Urgency
}

export const wecomEndpoint = <I extends z.ZodType, O extends z.ZodType>(
  endpoint: WecomEndpoint<I, O>,
): WecomEndpoint<I, O> => endpoint
