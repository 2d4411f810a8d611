import type { ArmResult, Comparison, Estimated, Lift } from '@zhiyin/shared/measure'
import { because } from '@zhiyin/shared/because'
import { moneyWords, verdictOf, wordsOf } from './conclude.ts'
import type { Cell } from './figures.ts'
import { holm } from './statistics/holm.ts'
import { chanceOf, difference, proportion, relative, type Estimate } from './statistics/interval.ts'
import { capOf, degreesOf, meanWithin, momentsOf, type Spent } from './statistics/means.ts'
import { reachOf } from './statistics/normal.ts'
import { findable, neededFor, type Sizes } from './statistics/sample.ts'

export type Setting = Pick<Comparison, 'kind' | 'stepId' | 'goal' | 'days' | 'base'> & {
  /** In the order they are shown; the base among them. `percent`: the share each was to get. */
  readonly arms: readonly { readonly arm: string; readonly name: string | null; readonly percent: number }[]
  /** The relative lift the sample is planned for. */
  readonly lift: number
}

const z95 = reachOf(0.95)
const sum = (list: readonly Cell[]): number => list.reduce((total, { customers }) => total + customers, 0)
const estimated = ({ at, within }: Estimate, z: number): Estimated => ({ at, within: within(z) })

const armResult = (of: Setting['arms'][number], cells: readonly Cell[], cap: number, goal: boolean): ArmResult => {
  const mine = cells.filter(({ arm }) => arm === of.arm)
  const over = mine.filter((cell) => cell.over)
  const [customers, met] = [sum(over), sum(over.filter((cell) => cell.met))]
  return {
    arm: of.arm,
    name: of.name,
    customers,
    open: sum(mine) - customers,
    met,
    rate: customers === 0 || !goal ? null : estimated(proportion(met, customers), z95),
    buyers: sum(over.filter(({ spent }) => spent > 0)),
    spent: over.reduce((total, { spent, customers: n }) => total + spent * n, 0),
    mean: customers === 0 ? null : momentsOf(over, cap).mean,
  }
}

type Money = { readonly apart: Estimate; readonly lift: Estimated | null; readonly chance: number }
/** Welch's comparison of capped spend; null where an arm has fewer than two customers or nobody bought. */
const moneyOf = (arm: readonly Spent[], base: readonly Spent[], cap: number, z: number): Money | null => {
  const [one, other] = [momentsOf(arm, cap), momentsOf(base, cap)]
  if (one.n < 2 || other.n < 2 || one.variance + other.variance === 0) return null
  const df = degreesOf(one, other)
  const [a, b] = [meanWithin(one, df), meanWithin(other, df)]
  const apart = difference(a, b)
  return { apart, lift: relative(a, b, z), chance: chanceOf(apart) }
}

/** The rate of the base where it has shown one, else of all together: what the sample is planned from. */
const planRate = (base: ArmResult, arms: readonly ArmResult[]): number => {
  if (base.met >= 5) return base.met / base.customers
  const customers = arms.reduce((total, arm) => total + arm.customers, 0)
  return customers === 0 ? 0 : arms.reduce((total, { met }) => total + met, 0) / customers
}

/**
 * Compares the arms of an experiment with its base. Intervals are Newcombe's and Welch's at 95 %, of several arms at once at 1 − 5 % ÷ their
 * number (Bonferroni); their p are Holm's, which may find a difference that such an interval just does not.
 */
export const compare = (cells: readonly Cell[], setting: Setting): Comparison => {
  const { kind, stepId, goal, days, lift: asked } = setting
  const over = cells.filter((cell) => cell.over)
  const cap = capOf(over.filter(({ arm }) => setting.arms.some((one) => one.arm === arm)))
  const arms = setting.arms.map((one) => armResult(one, cells, cap, goal !== null))
  const base = arms.find(({ arm }) => arm === setting.base)
  const others = arms.filter(({ arm }) => arm !== setting.base)
  const shared = { kind, stepId, goal, days, base: setting.base, arms, cap }
  if (base === undefined) return { ...shared, lifts: [] }

  const level = 1 - 0.05 / Math.max(1, others.length)
  const z = reachOf(level)
  const rate = planRate(base, arms)
  const percentOf = (arm: string): number => setting.arms.find((one) => one.arm === arm)?.percent ?? 0
  const spentOf = (arm: string): Cell[] => over.filter((cell) => cell.arm === arm)

  const found = others.map((one) => {
    const some = base.customers > 0 && one.customers > 0
    const rates = goal !== null && some
    const [a, b] = [proportion(one.met, one.customers), proportion(base.met, base.customers)]
    return {
      one,
      some,
      apart: rates ? difference(a, b) : null,
      lift: rates ? relative(a, b, z) : null,
      money: some ? moneyOf(spentOf(one.arm), spentOf(base.arm), cap, z) : null,
    }
  })
  /** Nobody is left alone, on purpose or by chance. */
  const alone = percentOf(base.arm) === 0 && base.customers + base.open === 0
  const chances = holm(found.map(({ apart }) => (apart === null ? 1 : chanceOf(apart))))
  const moneyChances = holm(found.map(({ money }) => money?.chance ?? 1))

  const neededOf = (one: ArmResult): Sizes | null => {
    const [mine, theirs] = [percentOf(one.arm), percentOf(base.arm)]
    if (goal === null || rate <= 0 || rate >= 1 || mine + theirs === 0) return null
    const share = theirs === 0 ? 0.5 : theirs / (mine + theirs)
    return neededFor(rate, Math.min(0.999, rate * (1 + asked)), { share, level })
  }

  const lifts = found.map(({ one, some, apart, lift, money }, index): Lift => {
    const needed = neededOf(one)
    const missing =
      needed === null ? null : Math.max(0, needed.base - base.customers) + Math.max(0, needed.other - one.customers)
    const sizes = { base: base.customers, other: one.customers }
    const rates = {
      some,
      any: one.met + base.met > 0,
      points: apart === null ? null : estimated(apart, z),
      relative: lift,
      chance: apart === null ? null : (chances[index] ?? 1),
      missing,
    }
    const verdict = verdictOf(rates)
    const words = alone
      ? [because('measure.no_holdout')]
      : goal === null && some
        ? [because('measure.no_goal')]
        : wordsOf(verdict, rates, asked)
    const moneyChance = money === null ? null : (moneyChances[index] ?? 1)
    const apartMoney = money === null ? null : estimated(money.apart, z)
    const buyers = Math.min(one.buyers, base.buyers)
    return {
      arm: one.arm,
      verdict,
      words: [
        ...words,
        ...(some ? moneyWords(apartMoney, moneyChance, { buyers, early: missing !== null && missing > 0 }) : []),
      ],
      points: rates.points,
      relative: lift,
      chance: rates.chance,
      money: apartMoney,
      moneyRelative: money?.lift ?? null,
      moneyChance,
      needed: needed === null ? null : { base: needed.base, arm: needed.other },
      missing,
      findable: rate > 0 && rate < 1 ? findable(rate, sizes, { level }) : null,
    }
  })
  return { ...shared, lifts }
}
