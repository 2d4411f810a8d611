import { basketOf } from './basket.ts'
import type { Act, Deed } from './deed.ts'
import type { Person, Worth } from './person.ts'
import type { Population } from './population.ts'
import { drawSpend } from './purchase.ts'
import { chanceOf } from './random.ts'
import { afterRecalls } from './words.ts'

/**
 * How likely a tier does what: to a message `replies`, `clicks`, `returns` with an order, `deletes` the rep; of their own accord
 * `joinsGroup`, and once they buy no more `leaves` (deletes the rep) or `objects` (wants no more messages). Chosen, not measured.
 */
export const manners: Readonly<
  Record<
    Worth,
    Readonly<
      Record<'replies' | 'clicks' | 'returns' | 'deletes' | 'joinsGroup' | 'leaves' | 'objects' | 'visits', number>
    >
  >
> = {
  A: {
    ...{ replies: 0.4, clicks: 0.5, returns: 0.6, deletes: 0.003 },
    ...{ joinsGroup: 0.7, leaves: 0.05, objects: 0.04, visits: 1.1 },
  },
  B: {
    ...{ replies: 0.25, clicks: 0.35, returns: 0.4, deletes: 0.008 },
    ...{ joinsGroup: 0.45, leaves: 0.1, objects: 0.06, visits: 0.6 },
  },
  C: {
    ...{ replies: 0.1, clicks: 0.18, returns: 0.15, deletes: 0.02 },
    ...{ joinsGroup: 0.25, leaves: 0.15, objects: 0.08, visits: 0.35 },
  },
}

/** What a message that reached somebody brings about in the days after: an answer, a click, an order, a deletion, or nothing. */
export const reactionTo = (population: Population, person: Person, message: string, at: number): Deed[] => {
  if (population.isStar(person.index)) return []
  const chance = chanceOf(population.plan.seed, 'message', person.index, message)
  const { replies, clicks, returns, deletes } = manners[person.worth]
  const after = (hours: number): number => population.wakeful(at + hours * 60)
  const deed = (name: string, hours: number, act: Act): Deed => ({
    ...{ id: `${person.account}-m${message}-${name}`, person: person.index, at: after(hours) },
    ...act,
  })
  if (chance.is(deletes)) return [deed('delete', chance.int(1, 20), { kind: 'delete_rep' })]
  const deeds: Deed[] = []
  if (chance.is(replies))
    deeds.push(deed('talk', chance.int(1, 30), { kind: 'talk', exchange: chance.pick(afterRecalls) }))
  if (chance.is(clicks)) {
    const event = 'Link Clicked'
    deeds.push(deed('click', chance.int(1, 40), { kind: 'browse', event, properties: { source: 'message' } }))
  }
  if (!person.looker && chance.is(returns)) {
    const total = drawSpend(population.plan.model, person.buyer, chance)
    deeds.push(deed('order', chance.int(12, 140), { kind: 'order', items: basketOf(person, total, chance), total }))
  }
  return deeds.toSorted((a, b) => a.at - b.at)
}
