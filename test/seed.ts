import * as fc from 'fast-check'

/**
 * On a CI machine property tests try the same cases each time, so that a change is judged by what it changes; by hand they try new ones,
 * which is how new counterexamples are found. `FC_SEED=n` tries the cases of a seed again.
 */
const seed = process.env.FC_SEED ?? (process.env.CI === undefined ? undefined : '20261126')
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) })
