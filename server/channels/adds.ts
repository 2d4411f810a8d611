import type { Fact } from '@zhiyin/shared/fact'
import type { AddDoc } from './adds.model.ts'
import { dayOf } from './duty.ts'

const dayMs = 86_400_000

/** The facts that decide who came through which channel and what became of them. */
export const addTypes = [
  'contact.added',
  'contact.deleted_by_rep',
  'contact.deleted_by_customer',
  'order.completed',
] as const
export type AddFact = Fact<(typeof addTypes)[number]>

/** Oldest first; a deletion in the second of an add comes after it, as the profile has it. */
const inOrder = (facts: readonly AddFact[]): AddFact[] =>
  [...facts].sort(
    (a, b) =>
      a.at.getTime() - b.at.getTime() ||
      Number(a.type !== 'contact.added') - Number(b.type !== 'contact.added') ||
      (a.id < b.id ? -1 : 1),
  )

type Stay = { at: Date; channelId: string | null; endedAt: Date | null; lost: boolean }

/** A pair's friendships. Adds that no deletion parts (a half add, then the full one) are one, from the first. */
const staysOf = (facts: readonly AddFact[]): Stay[] => {
  const stays: Stay[] = []
  for (const fact of facts) {
    if (fact.type === 'order.completed') continue
    const last = stays.at(-1)
    const open = last !== undefined && last.endedAt === null ? last : undefined
    if (fact.type === 'contact.added') {
      // Who was handed over by a colleague did not come through a channel to this rep.
      const channelId = fact.payload.transfer === true ? null : (fact.payload.channelId ?? null)
      if (open === undefined) stays.push({ at: fact.at, channelId, endedAt: null, lost: false })
      else open.channelId ??= channelId
    } else if (open !== undefined) {
      open.endedAt = fact.at
      open.lost = fact.type === 'contact.deleted_by_customer' || fact.payload.transfer !== true
    }
  }
  return stays
}

/**
 * The adds through channels of one customer, from all their facts of `addTypes`. Neither the order nor the repetition of the facts
 * makes a difference.
 */
export const addsOf = (customerId: string, facts: readonly AddFact[], zone: string): AddDoc[] => {
  const ordered = inOrder([...new Map(facts.map((fact) => [fact.id, fact])).values()])
  const orders = ordered.flatMap((fact) => (fact.type === 'order.completed' ? [fact.at] : []))
  const pairs = new Map<string, AddFact[]>()
  for (const fact of ordered) {
    if (fact.type === 'order.completed') continue
    pairs.set(fact.payload.userid, [...(pairs.get(fact.payload.userid) ?? []), fact])
  }
  return [...pairs].flatMap(([userid, ofPair]) =>
    staysOf(ofPair).flatMap(({ at, channelId, endedAt, lost }): AddDoc[] => {
      if (channelId === null) return []
      const lostAt = lost ? endedAt : null
      return [
        {
          _id: `${channelId}:${userid}:${customerId}:${at.getTime()}`,
          channelId,
          userid,
          customerId,
          at,
          day: dayOf(at, zone),
          lostAt,
          lost24h: lostAt !== null && lostAt.getTime() - at.getTime() <= dayMs,
          orderedAt: orders.find((order) => order >= at) ?? null,
        },
      ]
    }),
  )
}
