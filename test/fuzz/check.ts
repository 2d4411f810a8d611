import fc from 'fast-check'
import { eventTable, isEventName } from '@zhiyin/shared/events'
import { createAccept } from '../../server/callback/accept.ts'
import { keyOf } from '../../server/inbox/key.ts'
import { openerOf } from '../../server/wecom/crypto.ts'
import { movableClock } from '../support/clock.ts'
import { anyCase, seconds, secrets, type Case } from './messages.ts'

const accept = createAccept(openerOf(secrets), movableClock(new Date(seconds * 1000)))
const refusals = new Set(['signature', 'garbled', 'receiver', 'stale'])

/** Whether a value is plain data: what JSON keeps as it is. */
const isPlain = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'string') return true
  if (depth > 10 || typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.every((one) => isPlain(one, depth + 1))
  const proto: unknown = Object.getPrototypeOf(value)
  return proto === Object.prototype && Object.values(value).every((one) => isPlain(one, depth + 1))
}

/** Takes one request as the receive URL does and says what is wrong with the outcome; null when it is right. Throws what the product throws. */
export const problemOf = ({ must, request, event }: Case): string | null => {
  const answer = accept.event(request.query, request.body)
  if (!answer.ok) {
    if (!refusals.has(answer.why)) return `refused for an unknown reason: ${answer.why}`
    return must === 'accept' ? `an honest message was refused: ${answer.why}` : null
  }
  if (must === 'refuse') return `it got through as ${answer.value.event}`
  if (event !== undefined && answer.value.event !== event) return `taken as ${answer.value.event}`
  if (answer.value.event === '') return 'an event without a name'
  if (!isPlain(answer.value.fields)) return 'fields that are no plain data'
  // What comes next must bear it too: the identity, and the payload's schema.
  keyOf(answer.value)
  if (isEventName(answer.value.event)) eventTable[answer.value.event].safeParse(answer.value.fields)
  return null
}

/** Tries `cases` messages from a seed; throws with the smallest one that goes wrong. */
export const fuzz = (cases: number, seed: number): Readonly<Record<string, number>> => {
  const kinds: Record<string, number> = {}
  fc.assert(
    fc.property(anyCase, (one) => {
      kinds[one.kind] = (kinds[one.kind] ?? 0) + 1
      const problem = problemOf(one)
      if (problem !== null) throw new Error(`${one.kind}: ${problem}`)
    }),
    { numRuns: cases, seed },
  )
  return kinds
}
