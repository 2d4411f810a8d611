import { articles, products, type Product } from './company/catalog.ts'
import { afterOrders, afterRecalls, greetings, notes } from './company/words.ts'
import { minutesOf, type Act, type Deed, type Item } from './deed.ts'
import type { Kind, Person } from './people.ts'
import { chanceOf, type Chance } from './random.ts'
import { starDeeds } from './star.ts'

/** Days between orders, how regular, how much at once, visits a week, and how likely a recall brings them back. */
const habits: Readonly<
  Record<Kind, { gap: number; shape: number; basket: number; visits: number; comesBack: number }>
> = {
  vip: { gap: 11, shape: 9, basket: 3, visits: 1.5, comesBack: 0.9 },
  loyal: { gap: 19, shape: 8, basket: 2, visits: 0.55, comesBack: 0.7 },
  regular: { gap: 29, shape: 6, basket: 2, visits: 0.35, comesBack: 0.6 },
  once: { gap: 400, shape: 9, basket: 1, visits: 0.4, comesBack: 0.3 },
  looker: { gap: 0, shape: 1, basket: 1, visits: 0.6, comesBack: 0.15 },
  gone: { gap: 12, shape: 3, basket: 1, visits: 0.3, comesBack: 0.1 },
}

const minuteOf = (chance: Chance): number => chance.int(9 * 60, 22 * 60 + 50)

const productFor = (person: Person, chance: Chance): Product => {
  const liked = products.filter(({ category }) => person.favourites.includes(category))
  return chance.is(0.75) && liked.length > 0 ? chance.pick(liked) : chance.pick(products)
}

export const basketOf = (person: Person, chance: Chance): { items: Item[]; total: number } => {
  const chosen = new Set<Product>()
  const most = chance.int(1, habits[person.kind].basket)
  for (let i = 0; i < most; i += 1) chosen.add(productFor(person, chance))
  const items = [...chosen].map((product) => ({
    product,
    quantity: product.category === '面膜' && chance.is(0.4) ? 2 : 1,
  }))
  const full = items.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0)
  return { items, total: Math.round(full * chance.pick([1, 1, 0.95, 0.9, 0.88])) }
}

export const browsing = (person: Person, chance: Chance): Act => {
  if (chance.is(0.35)) {
    const { title, topic } = chance.pick(articles)
    return { kind: 'browse', event: 'Article Opened', properties: { title, topic } }
  }
  const { id, name, category, price } = productFor(person, chance)
  const event = chance.pick([
    'Product Viewed',
    'Product Viewed',
    'Product Viewed',
    'Product Added',
    'Product Added to Wishlist',
  ])
  return { kind: 'browse', event, properties: { product_id: id, name, category, price } }
}

/** Orders from a day on at somebody's own rhythm, with what is said about them. */
const orders = (person: Person, from: number, until: number, most: number, chance: Chance, mark: string): Deed[] => {
  const deeds: Deed[] = []
  const { gap, shape } = habits[person.kind]
  let day = from
  for (let nth = 1; nth <= most && day <= until && gap > 0; nth += 1) {
    const id = `${person.account}-${mark}${nth}`
    const at = minutesOf(Math.floor(day), minuteOf(chance))
    const basket = basketOf(person, chance)
    deeds.push({ id, person: person.index, at, kind: 'order', ...basket })
    if (chance.is(0.04)) {
      const amount = chance.is(0.5) ? basket.total : (basket.items[0]?.product.price ?? basket.total)
      const refund = Math.min(amount, basket.total)
      deeds.push({
        id: `${id}-refund`,
        person: person.index,
        at: at + chance.int(2, 4) * 1440,
        kind: 'refund',
        order: id,
        amount: refund,
      })
    }
    if (chance.is(0.3))
      deeds.push({
        ...{ id: `${id}-talk`, person: person.index, at: at + chance.int(1, 3) * 1440 },
        ...{ kind: 'talk', exchange: chance.pick(afterOrders) },
      })
    day += Math.max(2, chance.gamma(gap, shape))
  }
  return deeds
}

/** Visits of the shop, each with a few things looked at in a row. */
const visits = (person: Person, from: number, until: number, chance: Chance): Deed[] => {
  const deeds: Deed[] = []
  const every = 7 / habits[person.kind].visits
  for (let day = from + chance.gamma(every, 1); day <= until; day += Math.max(0.1, chance.gamma(every, 1))) {
    const begin = minutesOf(Math.floor(day), minuteOf(chance))
    const looks = chance.int(1, 3)
    for (let look = 0; look < looks; look += 1) {
      const id = `${person.account}-v${deeds.length + 1}`
      deeds.push({ id, person: person.index, at: begin + look * 2, ...browsing(person, chance) })
    }
  }
  return deeds
}

/** What happens once with somebody: tags and notes of the rep, the group, and the two ways to say no. */
const once = (person: Person, chance: Chance): Deed[] => {
  const joined = minutesOf(person.joinDay, person.joinMinute)
  const deed = (act: Act, name: string, days: number): Deed => ({
    ...{ id: `${person.account}-${name}`, person: person.index, at: joined + Math.round(days * 1440) },
    ...act,
  })
  const away = person.until - person.joinDay
  const grouped = chance.is(person.kind === 'vip' || person.kind === 'loyal' ? 0.75 : 0.35)
  return [
    ...(chance.is(0.45) ? [deed({ kind: 'talk', exchange: chance.pick(greetings) }, 'hello', 0.05)] : []),
    ...(chance.is(0.5) ? [deed({ kind: 'tag', tag: person.skin }, 'skin', 1)] : []),
    ...(chance.is(0.3) ? [deed({ kind: 'tag', tag: person.taste }, 'taste', 3)] : []),
    ...(chance.is(0.25) ? [deed({ kind: 'note', text: chance.pick(notes) }, 'note', 4)] : []),
    ...(grouped ? [deed({ kind: 'join_group' }, 'group', chance.int(1, 5))] : []),
    ...(person.special === 'deletes' ? [deed({ kind: 'delete_rep' }, 'delete', away + 9)] : []),
    ...(person.special === 'withdraws' ? [deed({ kind: 'withdraw' }, 'withdraw', away + 3)] : []),
  ]
}

const inOrder = (deeds: readonly Deed[]): Deed[] => [...deeds].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))

/** Everything somebody does of their own accord, oldest first. */
export const planOf = (person: Person, seed: number, days: number): Deed[] => {
  if (person.special === 'star') return inOrder(starDeeds(person, days))
  const chance = chanceOf(seed, 'plan', person.index)
  const first = person.joinDay + chance.int(0, person.kind === 'regular' ? 9 : 4)
  const bought = orders(person, first, person.until, person.kind === 'once' ? 1 : 99, chance, 'o')
  const own = [...bought, ...visits(person, person.joinDay, person.until, chance)]
  const joined = minutesOf(person.joinDay, person.joinMinute)
  const after = own
    .filter(({ kind }) => kind !== 'refund')
    .map((deed) => ({ ...deed, at: Math.max(deed.at, joined + 25) }))
  return inOrder([...after, ...own.filter(({ kind }) => kind === 'refund'), ...once(person, chance)])
}

/** What a recall brings about, decided by its day: nothing, an answer, an order and more of them. */
export const comebackOf = (person: Person, seed: number, day: number, days: number): Deed[] => {
  if (person.special === 'star') return []
  const chance = chanceOf(seed, 'recall', person.index, day)
  const mark = `b${day}`
  const { comesBack } = habits[person.kind]
  const answers = chance.is(comesBack / 2)
  const talk: Deed = {
    ...{ id: `${person.account}-${mark}-talk`, person: person.index, at: minutesOf(day + 1, chance.int(600, 1100)) },
    ...{ kind: 'talk', exchange: chance.pick(afterRecalls) },
  }
  const from = day + chance.int(1, 6)
  const bought = chance.is(comesBack) ? orders(person, from, days, chance.int(1, 3), chance, mark) : []
  return inOrder([...(answers ? [talk] : []), ...bought])
}
