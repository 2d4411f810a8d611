import type { NewFact } from '@zhiyin/shared/fact'
import type { SignedIn } from '../platform/actor.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

/** What a rep notes of a conversation. `key` is made by the app: sent twice it is noted once. */
export type Noted =
  | { readonly kind: 'note'; readonly key: string; readonly text: string }
  | { readonly kind: 'said'; readonly key: string; readonly text: string; readonly contentId?: string | undefined }
  | { readonly kind: 'replied'; readonly key: string }

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

/** Keeps in the timeline what was written, said or answered. */
export const noteOnCustomer =
  ({ read, append, fold, clock, audit }: OnCustomerDeps) =>
  async (actor: SignedIn, customerId: string, noted: Noted): Promise<void> => {
    await ownCustomer(read, actor, customerId)
    const base = {
      id: `${noted.kind}:${customerId}:${noted.key}`,
      customerId,
      at: clock.date(),
      source: 'rep',
    } as const
    const { stored } = await append([factOf(base, actor, noted)])
    if (stored === 0) return
    await fold(customerId)
    await audit.record({
      actor,
      act: `customer.${noted.kind}`,
      subject: `customer:${customerId}`,
      detail: { key: noted.key, ...(noted.kind === 'said' && noted.contentId ? { contentId: noted.contentId } : {}) },
    })
  }
