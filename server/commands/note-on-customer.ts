import type { NewFact } from '@zhiyin/shared/fact'
import { optOutWordIn } from '@zhiyin/shared/opt-out'
import type { SignedIn } from '../platform/actor.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

/** What a rep notes of a conversation. `key` is made by the app: sent twice it is noted once. */
export type Noted =
  | { readonly kind: 'note'; readonly key: string; readonly text: string }
  | { readonly kind: 'said'; readonly key: string; readonly text: string; readonly contentId?: string | undefined }
  | { readonly kind: 'replied'; readonly key: string; readonly text?: string | undefined }

type Base = { id: string; customerId: string; at: Date; source: 'rep' }

const factOf = (base: Base, actor: SignedIn, noted: Noted): NewFact => {
  const by = byOf(actor)
  switch (noted.kind) {
    case 'note':
      return { ...base, type: 'note.written', payload: { text: noted.text, by } }
    case 'replied':
      return {
        ...base,
        type: 'customer.replied',
        payload: { via: 'rep', by, ...(actor.kind === 'member' ? { userid: actor.userid } : {}) },
      }
    case 'said': {
      const preview = noted.text.slice(0, 500)
      const payload = { intentId: noted.key, channel: 'said', state: 'sent', preview, because: [] }
      return { ...base, type: 'send.changed', payload }
    }
  }
}

/** An answer by which no more messages are wanted withdraws the consent to them, with the answer as proof. */
const refusalOf = (base: Base, actor: SignedIn, noted: Noted, words: readonly string[]): NewFact[] => {
  if (noted.kind !== 'replied' || noted.text === undefined || optOutWordIn(noted.text, words) === null) return []
  const said = { purpose: 'marketing' as const, state: 'withdrawn' as const, source: 'customer' as const }
  const payload = { ...said, by: byOf(actor), proof: { text: noted.text } }
  return [{ ...base, id: `${base.id}:opt_out`, type: 'consent.changed', payload }]
}

type Deps = OnCustomerDeps & { optOutWords: () => Promise<readonly string[]> }

/** Keeps in the timeline what was written, said or answered; answers whether the answer withdrew the consent to marketing. */
export const noteOnCustomer =
  ({ read, append, fold, clock, audit, optOutWords }: Deps) =>
  async (actor: SignedIn, customerId: string, noted: Noted): Promise<boolean> => {
    await ownCustomer(read, actor, customerId)
    const base = {
      id: `${noted.kind}:${customerId}:${noted.key}`,
      customerId,
      at: clock.date(),
      source: 'rep',
    } as const
    const refusal = refusalOf(base, actor, noted, noted.kind === 'replied' ? await optOutWords() : [])
    const { stored } = await append([factOf(base, actor, noted), ...refusal])
    const optedOut = refusal.length > 0
    if (stored === 0) return optedOut
    await fold(customerId)
    await audit.record({
      actor,
      act: `customer.${noted.kind}`,
      subject: `customer:${customerId}`,
      detail: {
        key: noted.key,
        ...(noted.kind === 'said' && noted.contentId ? { contentId: noted.contentId } : {}),
        ...(optedOut ? { purpose: 'marketing', state: 'withdrawn' } : {}),
      },
    })
    return optedOut
  }
