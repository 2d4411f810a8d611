import { createGather, type GatherOptions } from './gather.ts'

export type Lanes = Omit<GatherOptions, 'atOnce'> & {
  /** Turns under way in one process: while the database works at some and commits another, the next is worked out. */
  readonly lanes: number
}

/** Turns of customers. More in one would keep the process busy for longer than an event should wait. */
export const customerLanes = { lanes: 12, most: 200, restMs: 10 } satisfies Lanes

const laneOf = (key: string, lanes: number): number => {
  let sum = 0
  for (let i = 0; i < key.length; i += 1) sum += key.charCodeAt(i)
  return sum % lanes
}

/** Work done together in several turns at a time: each key has its place in one lane, always the same, so that no two turns meet in it. */
export const createLanes = <T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  { lanes, ...options }: Lanes,
): ((key: string, item: T) => Promise<R>) => {
  const gathers = Array.from({ length: lanes }, () => createGather(work, options))
  return (key, item) => {
    const gather = gathers[laneOf(key, lanes)]
    if (gather === undefined) throw new RangeError('no such lane')
    return gather(item)
  }
}
