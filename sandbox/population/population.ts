import { calendarOf, type Calendar } from './calendar.ts'
import type { Deed } from './deed.ts'
import { boundsOf, joinsAt, personOf, type Person, type Plan } from './person.ts'
import { skincare } from './purchase.ts'
import { staffOf, type Staff } from './team.ts'

/** Somebody picked by hand: who they are and everything they do. They come at `person.joinsAt`. */
export type Star = { readonly person: Person; readonly deeds: readonly Deed[] }

export type Population = {
  readonly plan: Plan
  readonly calendar: Calendar
  readonly staff: Staff
  /** Made anew at every call, from the seed and the index alone. */
  person(index: number): Person
  joinsAt(index: number): number
  isStar(index: number): boolean
  starDeeds(index: number): readonly Deed[]
  /** The same minute, or the next morning's for one at night. */
  wakeful(minute: number): number
}

const usual = { model: skincare, lookers: 0.1, rush: 1, mark: 'shop' }
const day = 1440

/**
 * A company's customers from a seed: 10 to 1,000,000 of them over `days` days from `start` (midnight in Shanghai, epoch ms).
 * Nothing is kept of anybody. `star` makes the first customer of what the dice made of them.
 */
export const populationOf = (
  wanted: Pick<Plan, 'seed' | 'customers' | 'start' | 'days'> & Partial<Plan>,
  starOf?: (person: Person) => Star,
): Population => {
  const plan: Plan = { ...usual, ...wanted }
  const calendar = calendarOf(plan.start, plan.days)
  const staff = staffOf(plan.customers)
  const bounds = boundsOf(plan.model)
  const star = starOf?.(personOf(plan, staff, bounds, 0, joinsAt(plan, calendar, 0)))
  const firstAt = star?.person.joinsAt ?? -Infinity
  /** Nobody comes before the star, or in the same minute. */
  const comesAt = (index: number): number =>
    index === 0 && star !== undefined ? firstAt : Math.max(joinsAt(plan, calendar, index), firstAt + index)
  return {
    plan,
    calendar,
    staff,
    person: (index) =>
      index === 0 && star !== undefined ? star.person : personOf(plan, staff, bounds, index, comesAt(index)),
    joinsAt: comesAt,
    isStar: (index) => index === 0 && star !== undefined,
    starDeeds: (index) => (index === 0 ? (star?.deeds ?? []) : []),
    wakeful(minute) {
      const ofDay = minute % day
      return ofDay < 9 * 60 ? minute - ofDay + 9 * 60 + (ofDay % 60) : minute
    },
  }
}
