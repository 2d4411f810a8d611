/**
 * The same figures by another and plainer way, from the raw orders alone: everything is a whole number of days at midnight, quantiles are
 * fractions of whole numbers, levels that are held are found by looking at every day of the hold.
 */
export type Bought = { readonly day: number; readonly amount: number }
export type Limits = {
  readonly recencyDays: readonly number[]
  readonly frequency: readonly number[]
  readonly monetary: readonly number[]
}

const countOf = <T>(all: readonly T[], meets: (one: T) => boolean): number => all.filter(meets).length

/** Orders of the last `window` days, as days ago, how many and for how much. */
const measure = (orders: readonly Bought[], today: number, window: number) => {
  const inside = orders.filter(({ day }) => day <= today && today - day < window)
  if (inside.length === 0) return null
  return {
    days: today - Math.max(...inside.map(({ day }) => day)),
    orders: inside.length,
    spend: inside.reduce((sum, { amount }) => sum + amount, 0),
  }
}

/** The least whole number not below the quantile k/5 (linear between order statistics), in whole numbers throughout. */
const fifthUp = (values: readonly number[], k: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * k
  const low = sorted[Math.floor(place / 5)] ?? 0
  const high = sorted[Math.floor(place / 5) + 1] ?? low
  return low + Math.ceil(((high - low) * (place % 5)) / 5)
}

/** Quintiles of everybody who bought; the limit above one is one unit more, the rule of the R package rfm. */
export const quintiles = (customers: ReadonlyMap<string, readonly Bought[]>, today: number, window: number): Limits => {
  const all = [...customers.values()].flatMap((orders) => measure(orders, today, window) ?? [])
  const fifths = [1, 2, 3, 4]
  return {
    recencyDays: fifths.map((k) =>
      fifthUp(
        all.map(({ days }) => days),
        k,
      ),
    ),
    frequency: fifths.map(
      (k) =>
        fifthUp(
          all.map(({ orders }) => orders),
          k,
        ) + 1,
    ),
    monetary: fifths.map(
      (k) =>
        fifthUp(
          all.map(({ spend }) => spend),
          k,
        ) + 1,
    ),
  }
}

/** Three scores; whoever bought nothing within the window has 1 each. */
export const scores = (orders: readonly Bought[], limits: Limits, today: number, window: number): number[] => {
  const found = measure(orders, today, window)
  if (found === null) return [1, 1, 1]
  return [
    5 - countOf(limits.recencyDays, (limit) => found.days > limit),
    1 + countOf(limits.frequency, (limit) => found.orders >= limit),
    1 + countOf(limits.monetary, (limit) => found.spend >= limit),
  ]
}

const names = ['idle', 'hold', 'develop', 'value', 'rescue', 'keep', 'grow', 'champion']
/** The eight groups: which of money, frequency and recency are above 3. */
export const group = ([r = 1, f = 1, m = 1]: readonly number[]): string =>
  names[(m > 3 ? 4 : 0) + (r > 3 ? 2 : 0) + (f > 3 ? 1 : 0)] ?? ''

/** A from `a` points, B from `b`, else C; the best of today and of the days of the hold before it. */
export const tier = (
  orders: readonly Bought[],
  limits: Limits,
  { today, window, hold, a, b }: { today: number; window: number; hold: number; a: number; b: number },
): string => {
  const points = Array.from({ length: hold + 1 }, (_, ago) =>
    scores(orders, limits, today - ago, window).reduce((sum, score) => sum + score, 0),
  )
  const best = Math.max(...points)
  return best >= a ? 'A' : best >= b ? 'B' : 'C'
}

const middle = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2
}

/** Whether the last 30 days hold ten orders: days of UTC, which begin 16 hours before the order’s own. */
const isBusy = (orders: readonly Bought[], today: number): boolean =>
  countOf(orders, ({ day }) => day - 1 > today - 30) >= 10

/**
 * The stage at noon of somebody of whom orders alone are known, by the defaults: lost after 90 days, silent after 30; from four days with orders on
 * silent after twice the own middle gap (of the last twelve), lost in proportion, active within one gap; new for 30 days.
 */
export const stage = (orders: readonly Bought[], today: number): string => {
  const days = [...new Set(orders.map(({ day }) => day))].toSorted((a, b) => a - b)
  const last = days.at(-1) ?? 0
  const noon = today + 0.5
  const quietDays = noon - last
  const gap = middle(
    days
      .slice(1)
      .map((day, i) => day - (days[i] ?? 0))
      .slice(-12),
  )
  const own = days.length >= 4
  const silentAfter = own ? Math.max(1, 2 * gap) : 30
  if (quietDays >= Math.max(90, own ? 3 * silentAfter : 0)) return 'lost'
  if (quietDays >= silentAfter) return 'silent'
  if (isBusy(orders, today) || (own && quietDays < gap)) return 'active'
  return noon - (days[0] ?? 0) < 30 ? 'new' : 'mature'
}
