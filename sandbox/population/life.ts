import { basketOf, browsing } from './basket.ts'
import type { Act, Deed } from './deed.ts'
import { manners } from './manners.ts'
import { buyerOf, type Person } from './person.ts'
import type { Population } from './population.ts'
import { drawGap, drawSpend } from './purchase.ts'
import { chanceOf } from './random.ts'
import { afterOrders, greetings, notes } from './words.ts'

const day = 1440

/** An order or a visit and what it brings: `next` is the minute of the one after (Infinity: none). */
export type Chapter = { readonly deeds: readonly Deed[]; readonly next: number; readonly gone: boolean }

const maker =
  (person: Person) =>
  (name: string, at: number, act: Act): Deed => ({ id: `${person.account}-${name}`, person: person.index, at, ...act })

/** The minute of the first order (Infinity for those who only look); many buy the day they come. */
export const firstOrderAt = ({ plan, calendar, joinsAt }: Population, index: number): number => {
  if (buyerOf(plan, index).looker) return Infinity
  const chance = chanceOf(plan.seed, 'first', index)
  const joined = joinsAt(index)
  return chance.is(0.4)
    ? joined + chance.int(8, 50)
    : calendar.toMinute(calendar.toWeeks(joined) + chance.gamma(0.5, 1))
}

/** The minute of the order after number `nth`, and whether it was the last by choice. Never by choice: the first. */
export const orderAfter = (population: Population, index: number, nth: number, at: number) => {
  const { plan, calendar } = population
  const { buyer } = buyerOf(plan, index)
  const chance = chanceOf(plan.seed, 'next', index, nth)
  const gone = nth > 1 && chance.is(buyer.dropout)
  const next = gone ? Infinity : calendar.toMinute(calendar.toWeeks(at) + drawGap(plan.model, buyer, chance))
  return { gone, next }
}

/** Order number `nth` (from 1), its refund, what is said about it, and the farewell of those who buy no more. */
export const orderChapter = (population: Population, index: number, nth: number, at: number): Chapter => {
  const { plan, wakeful } = population
  const person = population.person(index)
  const deed = maker(person)
  const chance = chanceOf(plan.seed, 'order', index, nth)
  const total = drawSpend(plan.model, person.buyer, chance)
  const order = deed(`o${nth}`, at, { kind: 'order', items: basketOf(person, total, chance), total })
  const deeds = [order]
  const later = (days: number): number => wakeful(at + days * day)
  if (chance.is(0.04)) {
    const amount = chance.is(0.5) ? total : Math.round(total * 50) / 100
    deeds.push(deed(`o${nth}-refund`, later(chance.int(2, 4)), { kind: 'refund', order: order.id, amount }))
  }
  if (chance.is(0.3))
    deeds.push(deed(`o${nth}-talk`, later(chance.int(1, 3)), { kind: 'talk', exchange: chance.pick(afterOrders) }))
  const { gone, next } = orderAfter(population, index, nth, at)
  if (gone) {
    const { leaves, objects } = manners[person.worth]
    if (chance.is(leaves)) deeds.push(deed('delete', later(chance.int(5, 40)), { kind: 'delete_rep' }))
    else if (chance.is(objects)) deeds.push(deed('withdraw', later(chance.int(5, 30)), { kind: 'withdraw' }))
  }
  return { deeds, next, gone }
}

/** The minute of a visit after this one; lookers lose interest. */
export const visitAfter = (population: Population, person: Person, nth: number, at: number): number => {
  const { plan, calendar } = population
  const chance = chanceOf(plan.seed, 'visited', person.index, nth)
  if (person.looker && chance.is(0.25)) return Infinity
  return calendar.toMinute(calendar.toWeeks(at) + chance.gamma(1 / manners[person.worth].visits, 1))
}

/** One visit of the shop: a few things looked at in a row. */
export const visitChapter = (population: Population, index: number, nth: number, at: number): Chapter => {
  const person = population.person(index)
  const chance = chanceOf(population.plan.seed, 'visit', index, nth)
  const looks = chance.int(1, 3)
  const deeds = Array.from({ length: looks }, (_, look) =>
    maker(person)(`v${nth}-${look + 1}`, at + look * 2, browsing(person, chance)),
  )
  return { deeds, next: visitAfter(population, person, nth, at), gone: false }
}

/** Somebody comes; what rep and customer do about it in the first days. */
export const arrival = (population: Population, index: number): { deeds: readonly Deed[]; firstVisit: number } => {
  const person = population.person(index)
  const deed = maker(person)
  const joined = person.joinsAt
  const join = deed('join', joined, { kind: 'join' })
  if (population.isStar(index)) return { deeds: [join, ...population.starDeeds(index)], firstVisit: Infinity }
  const chance = chanceOf(population.plan.seed, 'arrival', index)
  const later = (days: number): number => population.wakeful(joined + Math.round(days * day))
  const deeds = [join]
  if (chance.is(0.45)) deeds.push(deed('hello', later(0.05), { kind: 'talk', exchange: chance.pick(greetings) }))
  if (chance.is(0.5)) deeds.push(deed('skin', later(1), { kind: 'tag', tag: person.skin }))
  if (chance.is(0.3)) deeds.push(deed('taste', later(3), { kind: 'tag', tag: person.taste }))
  if (chance.is(0.25)) deeds.push(deed('note', later(4), { kind: 'note', text: chance.pick(notes) }))
  if (chance.is(manners[person.worth].joinsGroup))
    deeds.push(deed('group', later(chance.int(1, 5)), { kind: 'join_group' }))
  return { deeds, firstVisit: visitAfter(population, person, 0, joined) }
}

/** How it went with somebody by the end: their orders of their own accord, when the last was, and whether they are gone for good. */
export const fateOf = (population: Population, index: number): { orders: number; lastAt: number; gone: boolean } => {
  const end = population.plan.days * day
  let fate = { orders: 0, lastAt: -Infinity, gone: false }
  for (let at = firstOrderAt(population, index); at < end && !fate.gone;) {
    const { gone, next } = orderAfter(population, index, fate.orders + 1, at)
    fate = { orders: fate.orders + 1, lastAt: at, gone }
    at = next
  }
  return fate
}
