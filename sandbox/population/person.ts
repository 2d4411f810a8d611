import { categories, skins, tastes, type Skin } from './catalog.ts'
import type { Calendar } from './calendar.ts'
import { cities, nameOf } from './names.ts'
import { drawBuyer, worthOf, type Buyer, type PurchaseModel } from './purchase.ts'
import { chanceOf } from './random.ts'
import { teamOfCustomer, type Staff } from './team.ts'

/** How much somebody is worth: the best fifth, the next third, the others. */
export type Worth = 'A' | 'B' | 'C'

/** One customer as the dice made them. */
export type Person = {
  readonly index: number
  /** The id of the shop's own account. */
  readonly account: string
  readonly name: string
  readonly gender: 1 | 2
  readonly city: string
  readonly birthday: string
  readonly phone: string
  readonly skin: Skin
  readonly taste: (typeof tastes)[number]
  readonly favourites: readonly string[]
  readonly rep: string
  readonly channel: string
  /** The group they would join. */
  readonly group: string
  /** Minutes since the first midnight. */
  readonly joinsAt: number
  readonly buyer: Buyer
  /** Never buys, only looks. */
  readonly looker: boolean
  readonly worth: Worth
}

/** Who lives how long, and by which model. The same options make the same people. */
export type Plan = {
  readonly seed: number
  readonly customers: number
  /** Midnight of the first day in Shanghai, epoch ms. */
  readonly start: number
  readonly days: number
  readonly model: PurchaseModel
  /** Share of customers who never buy. */
  readonly lookers: number
  /** 1: people come evenly over the time; more: most of them at the beginning. */
  readonly rush: number
  /** Begins every account's id, so that two populations of one product do not meet. */
  readonly mark: string
}

type Bounds = { readonly a: number; readonly b: number }

const year = 52
const sample = 2000
/** Where the best fifth and the next third begin, from a sample that is the same for every seed. */
export const boundsOf = (model: PurchaseModel): Bounds => {
  const worths = Array.from({ length: sample }, (_, i) => worthOf(drawBuyer(model, chanceOf('worth', i)), year))
  const sorted = worths.toSorted((x, y) => y - x)
  return { a: sorted[Math.floor(sample * 0.2)] ?? 0, b: sorted[Math.floor(sample * 0.53)] ?? 0 }
}

/** Minutes since the first midnight; rises with the index. */
export const joinsAt = ({ seed, customers, rush }: Plan, calendar: Calendar, index: number): number => {
  const place = (index + chanceOf(seed, 'join', index).next()) / customers
  return calendar.toMinute(calendar.weeks * place ** rush)
}

/** What cannot be seen of customer `index`, for those who need nothing else. */
export const buyerOf = ({ seed, model, lookers }: Plan, index: number): { buyer: Buyer; looker: boolean } => {
  const chance = chanceOf(seed, 'buyer', index)
  return { buyer: drawBuyer(model, chance), looker: chance.is(lookers) }
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')
/** A block of numbers for each population: a thousand numbers apart, so that small ones hardly ever meet. */
const blockOf = (mark: string): number => chanceOf('phones', mark).int(0, 88_000) * 1000

export const personOf = (plan: Plan, staff: Staff, bounds: Bounds, index: number, comesAt: number): Person => {
  const { seed, mark } = plan
  const chance = chanceOf(seed, 'person', index)
  const hidden = buyerOf(plan, index)
  const team = teamOfCustomer(staff, index)
  const worth = worthOf(hidden.buyer, year)
  const rank = hidden.looker || worth < bounds.b ? 'C' : worth < bounds.a ? 'B' : 'A'
  const groups = team.groups.filter(({ tier }) => (tier === 'A') === (rank === 'A'))
  return {
    index,
    account: `${mark}-${10_001 + index}`,
    ...nameOf(seed, index),
    city: chance.pick(cities),
    birthday: `${chance.int(1978, 2003)}-${twoDigits(chance.int(1, 12))}-${twoDigits(chance.int(1, 28))}`,
    // Nobody shares a number: the product takes two accounts with one phone for one person.
    phone: `1${chance.pick(['38', '39', '58', '86', '99'])}${10_000_000 + blockOf(mark) + index}`,
    skin: chance.pick(skins),
    taste: chance.pick(tastes),
    favourites: [chance.pick(categories), chance.pick(categories), chance.pick(categories)],
    rep: team.reps[index % team.reps.length]?.userid ?? '',
    channel: chance.pick(team.channels),
    group: chance.pick(groups).name,
    joinsAt: comesAt,
    ...hidden,
    worth: rank,
  }
}
