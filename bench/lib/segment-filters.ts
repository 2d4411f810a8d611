import type { Condition } from '@zhiyin/shared/condition'
import { toFilter } from '../../server/conditions/filter.ts'
import type { Mongo } from '../../server/platform/mongo.ts'
import { median } from './report.ts'
import { typicalSegments } from './typical-segments.ts'

const atLeastRounds = 3
const atMostRounds = 15
const mostAgain = 5
/** So long each filter is tried: what is counted in a millisecond needs more rounds than what takes a second. */
const patienceMs = 400

export const timed = async <T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> => {
  const began = performance.now()
  const value = await work()
  return { ms: performance.now() - began, value }
}

export type Compared = { readonly name: string; readonly ratio: number; readonly ms: number }

/** Each segment's compiled filter against the one written by hand, turn about; how much slower, and what took longest to count. */
export const compareFilters = async (mongo: Mongo): Promise<Compared[]> => {
  const customers = mongo.connection.collection('customers')
  const now = new Date()
  const found: Compared[] = []
  for (const { name, condition, byHand } of typicalSegments) {
    const [ours, theirs]: [number[], number[]] = [[], []]
    const began = performance.now()
    const enough = (round: number): boolean =>
      round > atMostRounds || (round > atLeastRounds && performance.now() - began > patienceMs)
    for (let round = 0; !enough(round); round++) {
      const both = async () => ({
        compiled: await timed(() => customers.countDocuments(toFilter(condition, now))),
        hand: await timed(() => customers.countDocuments(byHand(now))),
      })
      let { compiled, hand } = await both()
      // The product is at work: somebody may have moved between the two.
      for (let again = 0; compiled.value !== hand.value && again < mostAgain; again++)
        ({ compiled, hand } = await both())
      if (compiled.value !== hand.value) throw new Error(`${name}: ${compiled.value} against ${hand.value} by hand`)
      // The first round only warms both up.
      if (round === 0) continue
      ours.push(compiled.ms)
      theirs.push(hand.ms)
    }
    const [ratio, ms] = [median(ours) / median(theirs), median(ours)]
    console.log(`  ${ms.toFixed(0).padStart(6)} ms  ${ratio.toFixed(2)}×  ${name}`)
    found.push({ name, ratio, ms })
  }
  return found
}

/** What each typical segment takes to be counted as the builder asks for it: the number and the first twenty with why; ms. */
export const liveCounts = async (count: (condition: Condition) => Promise<unknown>): Promise<number[]> => {
  const times: number[] = []
  for (let round = 0; round < atLeastRounds; round++)
    for (const { condition } of typicalSegments) times.push((await timed(() => count(condition))).ms)
  return times
}
