import type { PurchaseModel } from './purchase.ts'

/** Gauss' 2F1(a, b; c; z) by its series, for 0 ≤ z < 1. */
const hypergeometric = (a: number, b: number, c: number, z: number): number => {
  let term = 1
  let sum = 1
  for (let n = 0; term > sum * 1e-13; n += 1) {
    term *= ((a + n) * (b + n) * z) / ((c + n) * (n + 1))
    sum += term
  }
  return sum
}

/**
 * Expected repeat purchases of a new customer in `weeks` weeks: equation (9) of Fader, Hardie, Lee (2005), for regularity 1 (BG/NBD).
 * Needs a ≠ 1.
 */
export const expectedRepeats = ({ r, alpha, a, b }: PurchaseModel, weeks: number): number => {
  const z = weeks / (alpha + weeks)
  return ((a + b - 1) / (a - 1)) * (1 - (1 - z) ** r * hypergeometric(r, b, a + b - 1, z))
}

/** Share of customers without a repeat purchase in `weeks` weeks (BG/NBD). */
export const expectedSilent = ({ r, alpha }: PurchaseModel, weeks: number): number => (alpha / (alpha + weeks)) ** r

/** Mean spend per purchase over all customers (Gamma-Gamma). */
export const expectedSpend = ({ spend: { p, q, v } }: PurchaseModel): number => (p * v) / (q - 1)
