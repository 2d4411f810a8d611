import { errorFunction, probit } from 'simple-statistics'

/** P(Z ≤ z) of a standard normal Z; absolute error below 2e-7 (that of the error function). */
export const normalProbability = (z: number): number => (1 + errorFunction(z / Math.SQRT2)) / 2

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/**
 * The z with P(Z ≤ z) = `probability` (inside 0 and 1). The library's `probit` is near (1.957 for 0.975); Newton's steps on the
 * distribution bring it to 1.95996.
 */
export const normalQuantile = (probability: number): number => {
  let z = probit(probability)
  for (let step = 0; step < 4; step += 1) z -= (normalProbability(z) - probability) / density(z)
  return z
}

/** How far a two-sided interval of this level reaches, in standard errors: 1.96 for 0.95. */
export const reachOf = (level: number): number => normalQuantile(1 - (1 - level) / 2)

/**
 * The quantile of Student's t with `df` degrees that belongs to the normal quantile z, by the expansion of Abramowitz & Stegun 26.7.5;
 * within 0.5 % from 3 degrees on.
 */
export const studentOf = (z: number, df: number): number => {
  const [z3, z5, z7, z9] = [z ** 3, z ** 5, z ** 7, z ** 9]
  const g1 = (z3 + z) / 4
  const g2 = (5 * z5 + 16 * z3 + 3 * z) / 96
  const g3 = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
  const g4 = (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / 92_160
  return z + g1 / df + g2 / df ** 2 + g3 / df ** 3 + g4 / df ** 4
}
