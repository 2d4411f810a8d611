import { articles, productNamed, products, type Product } from './catalog.ts'
import type { Act, Item } from './deed.ts'
import type { Person } from './person.ts'
import type { Chance } from './random.ts'

const mostItems = 6

const liked = (person: Person, from: readonly Product[], chance: Chance): Product | undefined => {
  const wanted = from.filter(({ category }) => person.favourites.includes(category))
  const list = chance.is(0.75) && wanted.length > 0 ? wanted : from
  return list.length > 0 ? chance.pick(list) : undefined
}

/** Goods worth about `total` yuan; what is paid differs by a voucher or the postage. */
export const basketOf = (person: Person, total: number, chance: Chance): Item[] => {
  const counts = new Map<Product, number>()
  let left = total * 1.08
  for (let i = 0; i < mostItems; i += 1) {
    // The first thing takes much of the money, the others fill up.
    const affordable = products.filter(
      ({ price }) => price <= left && (i > 0 || price >= Math.min(left / mostItems, 300)),
    )
    const product = liked(person, affordable, chance)
    if (product === undefined) break
    counts.set(product, (counts.get(product) ?? 0) + 1)
    left -= product.price
  }
  if (counts.size === 0) counts.set(productNamed('氨基酸洁面旅行装'), 1)
  return [...counts].map(([product, quantity]) => ({ product, quantity }))
}

const looks = ['Product Viewed', 'Product Viewed', 'Product Viewed', 'Product Added', 'Product Added to Wishlist']

/** A look at an article or at something of the shop. */
export const browsing = (person: Person, chance: Chance): Act => {
  const product = chance.is(0.35) ? undefined : liked(person, products, chance)
  if (product === undefined) {
    const { title, topic } = chance.pick(articles)
    return { kind: 'browse', event: 'Article Opened', properties: { title, topic } }
  }
  const { id, name, category, price } = product
  const properties = { product_id: id, name, category, price }
  return { kind: 'browse', event: chance.pick(looks), properties }
}
