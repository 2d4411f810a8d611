import { tiers } from '@zhiyin/shared/api/tiers'
import type { Checks } from './checks.ts'
import { columns, beforeTheNight, fileOf, quintileScheme, throughTheNight } from './night.ts'
import { group, quintiles, scores, stage, tier, type Bought, type Limits } from './plain.ts'
import { startProduct, type CustomerRecord } from './product.ts'
import { champions, readmeTable } from './published.ts'
import type { RawOrder } from './sets.ts'
import { dayMs } from './zone.ts'

/** Nothing is bought on the day of the analysis: the last order is of the day before. */
const movedTo = (today: number, orders: readonly RawOrder[]): number =>
  today - 1 - Math.floor(Math.max(...orders.map(({ at }) => at)) / dayMs)

const boughtBy = (orders: readonly RawOrder[], moved: number): Map<string, Bought[]> => {
  const found = new Map<string, Bought[]>()
  for (const { customer, at, amount } of orders)
    found.set(customer, [...(found.get(customer) ?? []), { day: Math.floor(at / dayMs) + moved, amount }])
  return found
}

/** Scores, group and level in one scheme. */
const placeIn = ({ levels }: CustomerRecord, scheme: string): string => {
  const level = levels.find((one) => one.scheme === scheme)
  const { r = 0, f = 0, m = 0 } = level?.rfm?.scores ?? {}
  return `${r}${f}${m} ${level?.rfm?.group ?? ''} ${level?.tier ?? ''}`
}

const mapped = <A, B>(all: ReadonlyMap<string, A>, to: (one: A) => B): Map<string, B> =>
  new Map([...all].map(([key, one]) => [key, to(one)]))

const limitsText = ({ recencyDays, frequency, monetary }: Limits): string =>
  [recencyDays, frequency, monetary].map((limits) => limits.join(' ')).join(' | ')

/** What was published of rfm-orders, whose revenue is taken as minor units. */
const checkPublished = (checks: Checks, customers: ReadonlyMap<string, CustomerRecord>, scheme: string): void => {
  const best = [...customers.values()].filter((one) => placeIn(one, scheme).includes('champion'))
  checks.same('published: champions', champions.customers, best.length)
  checks.same(
    'published: their orders',
    champions.orders,
    best.reduce((sum, { orders }) => sum + orders, 0),
  )
  checks.same(
    'published: their revenue',
    champions.revenue,
    best.reduce((sum, { spend }) => sum + spend, 0),
  )
  const expected = new Map(
    readmeTable.map(([name, , orders, revenue, points]) => [name, `${points} ${orders} ${revenue}`]),
  )
  const found = mapped(expected, () => '')
  for (const name of expected.keys()) {
    const one = customers.get(name)
    if (one !== undefined) found.set(name, `${placeIn(one, scheme).slice(0, 3)} ${one.orders} ${one.spend}`)
  }
  checks.each('published: the table of the README', expected, found)
}

/** Tiers and stages of every customer after a night’s count, against the plain way; `unit`: minor units that are one of the published. */
export const checkTiers = async (
  checks: Checks,
  { name, raw, unit }: { name: string; raw: readonly RawOrder[]; unit: number },
): Promise<void> => {
  const orders = raw.map((order) => ({ ...order, amount: order.amount / unit }))
  const product = await startProduct()
  try {
    const today = await beforeTheNight(product)
    const moved = movedTo(today, orders)
    const { scheme } = await product.call(tiers.create, { body: quintileScheme })
    await product.bring(name, fileOf(orders, moved), columns, 'CNY')
    await throughTheNight(product, today)
    const customers = await product.customers()
    const bought = boughtBy(orders, moved)
    const { items } = await product.call(tiers.list, {})
    const worked = (id: string) => {
      const found = items.find((row) => row.scheme.id === id)?.worked
      return { buyers: found?.buyers ?? 0, limits: found?.cuts?.type === 'rfm' ? limitsText(found.cuts) : 'none' }
    }
    const own = quintiles(bought, today, 3650)
    checks.same('buyers counted at night', bought.size, worked(scheme.id).buyers)
    checks.same('quintiles over everybody', limitsText(own), worked(scheme.id).limits)
    const expected = mapped(bought, (one) => {
      const points = scores(one, own, today, 3650)
      return `${points.join('')} ${group(points)} ${tier(one, own, { today, window: 3650, hold: 0, a: 11, b: 7 })}`
    })
    checks.each(
      'scores, group, tier by quintiles',
      expected,
      mapped(customers, (one) => placeIn(one, scheme.id)),
    )

    const fixed = items.find((row) => row.scheme.id === 'rfm')?.scheme
    if (fixed?.how.type !== 'rfm') throw new Error('The scheme a company begins with is RFM')
    const { how, holdDays } = fixed
    const [a = 0, b = 0] = how.sums
    const inYear = quintiles(bought, today, how.windowDays)
    if (worked('rfm').buyers >= 50) checks.same('quintiles of a year', limitsText(inYear), worked('rfm').limits)
    const byFixed = mapped(bought, (one) => {
      const points = scores(one, how, today, how.windowDays)
      return `${points.join('')} ${group(points)} ${tier(one, how, { today, window: how.windowDays, hold: holdDays, a, b })}`
    })
    checks.each(
      'scores, group, tier by cut-offs, held',
      byFixed,
      mapped(customers, (one) => placeIn(one, 'rfm')),
    )
    checks.each(
      'stage',
      mapped(bought, (one) => stage(one, today)),
      mapped(customers, (one) => one.stage.stage),
    )
    if (name === 'rfm-orders') checkPublished(checks, customers, scheme.id)
  } finally {
    await product.close()
  }
}
