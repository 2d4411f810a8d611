import { isTagFoundOut, type Fact, type NewFact } from '@zhiyin/shared/fact'
import type { Hold, WantTag } from '../profile/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { TagView } from './read.ts'

type TagFact = Extract<Fact, { type: 'tag.added' | 'tag.removed' }>

type Deps = {
  view: (customerId: string) => Promise<CustomerView | null>
  /** The pairs of a customer, with the tags WeCom has on each. */
  holdsOf: (externalUserIds: readonly string[]) => Promise<readonly Hold[]>
  /** The tags that rules keep on a customer. */
  ruledOn: (customerId: string) => Promise<readonly string[]>
  tagsByIds: (ids: readonly string[]) => Promise<readonly TagView[]>
  wantTag: WantTag
}

const isTagFact = (fact: Fact): fact is TagFact => fact.type === 'tag.added' || fact.type === 'tag.removed'

/** A pair is gone, and with it the marks that were on it. */
const isLetGo = ({ type }: NewFact | Fact): boolean =>
  type === 'contact.deleted_by_rep' || type === 'contact.deleted_by_customer'

/**
 * Carries tags that came and went by themselves to WeCom, once: what is on a customer now and on none of their pairs is put on the pair
 * that was made last, and so are tags of rules whose pair is gone; what is not on them any more comes off every pair that has it. Tags
 * that are ours alone stay here.
 */
export const createTagMarks = ({ view, holdsOf, ruledOn, tagsByIds, wantTag }: Deps) => ({
  /** Nobody has asked WeCom for what the profile found out. */
  concerns: (fact: NewFact | Fact): boolean => isTagFoundOut(fact) || isLetGo(fact),
  async match(customerId: string, facts: readonly Fact[]): Promise<void> {
    const found = facts.filter((fact) => isTagFoundOut(fact) || isLetGo(fact))
    const newest = found.at(-1)
    if (newest === undefined) return
    const customer = await view(customerId)
    if (customer === null || customer.externalUserId === null) return
    const { externalUserId } = customer
    const ruled = found.some(isLetGo) ? await ruledOn(customer.id) : []
    const asked = new Set([...found.filter(isTagFact).map(({ payload }) => payload.tagId), ...ruled])
    const tags = (await tagsByIds([...asked])).filter(({ wecomId, deleted }) => wecomId !== null && !deleted)
    if (tags.length === 0) return
    const holds = await holdsOf([externalUserId])
    const has = (userid: string, { wecomId }: TagView): boolean =>
      wecomId !== null && holds.some((hold) => hold.userid === userid && hold.told?.tagIds.includes(wecomId) === true)
    const reps = customer.follows.filter(({ state }) => state === 'following').map(({ userid }) => userid)
    const [last] = reps
    for (const userid of reps) {
      const add = tags.filter(
        (tag) => userid === last && customer.tagIds.includes(tag.id) && !reps.some((each) => has(each, tag)),
      )
      // A mark that is still on its way is not told yet, so it is taken off where it would have come.
      const remove = tags.filter((tag) => !customer.tagIds.includes(tag.id) && (userid === last || has(userid, tag)))
      if (add.length + remove.length > 0)
        await wantTag({
          customerId,
          userid,
          externalUserId,
          add: add.map(({ id }) => id),
          remove: remove.map(({ id }) => id),
          cause: `tag:${newest.id}`,
        })
    }
  },
})
