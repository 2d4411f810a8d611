import { categories, skins, tastes, type Skin } from './company/catalog.ts'
import { cities, namesOf } from './company/names.ts'
import { channelNames, reps, type ChannelName, type Rep } from './company/team.ts'
import { chanceOf, type Chance } from './random.ts'

/** How somebody buys: often and much, steadily, now and then, once, never, or no more. */
export type Kind = 'vip' | 'loyal' | 'regular' | 'once' | 'looker' | 'gone'

/** One customer as the dice made them; days count from the first day of the history. */
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
  readonly kind: Kind
  readonly rep: Rep
  readonly channel: ChannelName
  readonly joinDay: number
  /** Minute of the day. */
  readonly joinMinute: number
  /** The last day they do anything of their own accord. */
  readonly until: number
  readonly special: 'star' | 'deletes' | 'withdraws' | null
}

/** Of twenty customers. */
const mix: readonly Kind[] = [
  ...['vip', 'vip', 'loyal', 'loyal', 'loyal', 'loyal', 'loyal', 'regular', 'regular', 'regular'],
  ...['regular', 'regular', 'once', 'once', 'once', 'once', 'looker', 'looker', 'gone', 'gone'],
] as const satisfies readonly Kind[]

/** Many come at the opening, fewer later, some in the last month; whoever is to be lost in time comes at once. */
const joinDayOf = (kind: Kind, place: number, days: number, chance: Chance): number => {
  if (kind === 'gone') return chance.int(0, Math.floor(days * 0.06))
  if (place < 0.55) return chance.int(0, Math.floor(days * 0.33))
  if (place < 0.8) return chance.int(Math.floor(days * 0.33), Math.floor(days * 0.75))
  return chance.int(Math.floor(days * 0.76), days - 3)
}

const untilOf = (kind: Kind, joinDay: number, days: number, chance: Chance): number => {
  const later = (least: number): number => chance.int(joinDay + least, Math.max(joinDay + least, days - 20))
  if (kind === 'gone') return joinDay + chance.int(4, 14)
  if (kind === 'once' || kind === 'looker') return joinDay + chance.int(6, 40)
  if (kind === 'vip') return days
  return chance.is(kind === 'loyal' ? 0.3 : 0.55) ? later(25) : days
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** The first of somebody's exceptional customers of these kinds do something exceptional. */
const specialOf = (person: Pick<Person, 'index' | 'kind'>, nth: number): Person['special'] => {
  if (person.index === 0) return 'star'
  if (person.kind === 'once' && nth < 3) return 'deletes'
  return (person.kind === 'regular' || person.kind === 'looker') && nth < 2 ? 'withdraws' : null
}

/** The star: 林晓雯, who buys every 19 days or so and has been away for 32. */
const starOf = (person: Person, days: number): Person => ({
  ...person,
  city: '上海',
  birthday: '1992-12-18',
  skin: '敏感肌',
  taste: '看重成分',
  favourites: ['精华', '面霜', '面膜'],
  kind: 'loyal',
  rep: 'lina',
  channel: '门店海报',
  joinDay: 0,
  joinMinute: 9 * 60 + 24,
  until: days - 33,
  special: 'star',
})

/** Everybody who will come, the same for the same seed. The first is the star and comes first. */
export const peopleOf = (seed: number, count: number, days: number): Person[] => {
  const names = namesOf(count, chanceOf(seed, 'names'))
  const seen = new Map<Kind, number>()
  return names.map(({ name, gender }, index): Person => {
    const chance = chanceOf(seed, 'person', index)
    const kind = mix[(index * 7) % mix.length] ?? 'regular'
    const joinDay = joinDayOf(kind, ((index * 13) % count) / count, days, chance)
    const until = untilOf(kind, joinDay, days, chance)
    const nth = seen.get(kind) ?? 0
    const stops = until < days - 35
    if (stops) seen.set(kind, nth + 1)
    const person: Person = {
      index,
      account: `shop-${10_001 + index}`,
      name,
      gender,
      city: chance.pick(cities),
      birthday: `${chance.int(1978, 2003)}-${twoDigits(chance.int(1, 12))}-${twoDigits(chance.int(1, 28))}`,
      phone: `1${chance.pick(['38', '39', '58', '86', '99'])}0000${String(1000 + index).slice(-4)}`,
      skin: chance.pick(skins),
      taste: chance.pick(tastes),
      favourites: [chance.pick(categories), chance.pick(categories), chance.pick(categories)],
      kind,
      rep: reps[index % reps.length]?.userid ?? 'lina',
      channel: chance.pick(channelNames),
      joinDay,
      joinMinute: chance.int(9 * 60 + 40, 19 * 60 + 20),
      until,
      special: stops ? specialOf({ index, kind }, nth) : null,
    }
    return index === 0 ? starOf(person, days) : person
  })
}
