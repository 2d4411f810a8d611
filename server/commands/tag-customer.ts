import { because } from '@zhiyin/shared/because'
import type { SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { CustomerView, TagChange, TagName } from '../profile/read.ts'
import { ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Deps = OnCustomerDeps & {
  newId: NewId
  tagNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, TagName>>
  tag: (change: TagChange) => Promise<void>
}

/** In WeCom a tag hangs on the pair: on the one who sets it if they hold the customer, else on whoever added them last. */
const holderOf = ({ follows }: CustomerView, actor: SignedIn): string | null => {
  const holders = follows.filter(({ state }) => state === 'following').map(({ userid }) => userid)
  return holders.find((userid) => actor.kind === 'member' && userid === actor.userid) ?? holders[0] ?? null
}

/** Puts a tag on a customer or takes it off, here at once and in WeCom through the outbox. What stands already is left alone. */
export const tagCustomer =
  ({ read, fold, clock, audit, newId, tagNames, tag }: Deps) =>
  async (actor: SignedIn, customerId: string, tagId: string, change: 'add' | 'remove'): Promise<void> => {
    const view = await ownCustomer(read, actor, customerId)
    if (view.tagIds.includes(tagId) === (change === 'add')) return
    if (change === 'add' && !(await tagNames([tagId])).has(tagId)) throw notFound('tag', tagId)
    await tag({
      key: newId('fact'),
      customerId,
      externalUserId: view.externalUserId,
      userid: holderOf(view, actor),
      add: change === 'add' ? [tagId] : [],
      remove: change === 'remove' ? [tagId] : [],
      because: because('tag.by_person', { by: actor.name }),
      at: clock.date(),
      source: 'rep',
    })
    await fold(customerId)
    await audit.record({
      actor,
      act: change === 'add' ? 'customer.tag_added' : 'customer.tag_removed',
      subject: `customer:${customerId}`,
      detail: { tagId },
    })
  }
