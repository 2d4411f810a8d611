import type { NewFact } from '@zhiyin/shared/fact'
import { optOutWordIn } from '@zhiyin/shared/opt-out'
import type { Message } from './message.ts'

const maxProof = 500

/** What a customer answered, where the message says it. */
export const answerIn = (message: Message): string | null => {
  if (message.kind !== 'track') return null
  const { text } = message.input.properties
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null
}

/** An answer by which no more messages are wanted withdraws the consent to them, with the answer as proof. */
export const optOutOf = (replied: NewFact, text: string, words: readonly string[]): NewFact[] => {
  const { id, customerId, at, source } = replied
  if (optOutWordIn(text, words) === null) return []
  const proof = { text: text.slice(0, maxProof) }
  const payload = { purpose: 'marketing' as const, state: 'withdrawn' as const, source: 'customer' as const, proof }
  return [{ id: `${id}:opt_out`, customerId, at, source, type: 'consent.changed', payload }]
}
