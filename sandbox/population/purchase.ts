import type { Chance } from './random.ts'

/** How a company's customers buy. Time unit: weeks. */
export type PurchaseModel = {
  /** Purchases a week while active, over all customers: Gamma(r, alpha). */
  readonly r: number
  readonly alpha: number
  /** The chance to be gone for good after a repeat purchase, over all customers: Beta(a, b). */
  readonly a: number
  readonly b: number
  /** Erlang order of the time between purchases: 1 is BG/NBD itself; more is the regularity of goods that are used up. */
  readonly regularity: number
  /** Spend per purchase: Gamma(p, nu) for one customer, nu over all customers: Gamma(q, v). v is in the unit of money. */
  readonly spend: { readonly p: number; readonly q: number; readonly v: number }
}

/**
 * CDNOW's customers as published; money in US dollars of 1997. Sources: Fader, Hardie, Lee (2005), “‘Counting Your Customers’ the
 * Easy Way: An Alternative to the Pareto/NBD Model”, Marketing Science 24(2); Fader, Hardie, Lee (2005), “RFM and CLV: Using
 * Iso-Value Curves for Customer Base Analysis”, Journal of Marketing Research 42(4), for the spend.
 */
export const cdnow: PurchaseModel = {
  ...{ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, regularity: 1 },
  spend: { p: 6.25, q: 3.74, v: 15.44 },
}

/** The same customers with another money: `rate` units for a dollar. */
export const withMoney = (model: PurchaseModel, rate: number): PurchaseModel => ({
  ...model,
  spend: { ...model.spend, v: model.spend.v * rate },
})

/**
 * A skin-care brand's regulars, who use up what they buy. Chosen for a lively demo, not estimated from data. The regular times between
 * purchases are the condensed NBD's: Chatfield, Goodhardt (1973), “A Consumer Purchasing Model with Erlang Inter-Purchase Times”.
 */
export const skincare: PurchaseModel = {
  ...{ r: 1.9, alpha: 4.5, a: 1, b: 2.4, regularity: 7 },
  spend: { p: 6.25, q: 5.5, v: 300 },
}

/** What nobody can see of a customer. */
export type Buyer = {
  /** Purchases a week while active. */
  readonly rate: number
  /** The chance to be gone after a repeat purchase. */
  readonly dropout: number
  /** Spend of a usual purchase. */
  readonly meanSpend: number
}

export const drawBuyer = ({ r, alpha, a, b, spend: { p, q, v } }: PurchaseModel, chance: Chance): Buyer => ({
  rate: chance.gamma(r / alpha, r),
  dropout: chance.beta(a, b),
  meanSpend: p / chance.gamma(q / v, q),
})

/** Weeks to the next purchase of somebody still active. */
export const drawGap = ({ regularity }: PurchaseModel, { rate }: Buyer, chance: Chance): number =>
  chance.gamma(1 / rate, regularity)

/** Spend of one purchase, to two decimals. */
export const drawSpend = ({ spend: { p } }: PurchaseModel, { meanSpend }: Buyer, chance: Chance): number =>
  Math.round(chance.gamma(meanSpend, p) * 100) / 100

/** Expected worth of the first `weeks` weeks: the first purchase and the repeats, times the spend. */
export const worthOf = ({ rate, dropout, meanSpend }: Buyer, weeks: number): number =>
  (1 + (1 - Math.exp(-rate * dropout * weeks)) / dropout) * meanSpend
