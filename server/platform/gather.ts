import { setTimeout as sleep } from 'node:timers/promises'

export type GatherOptions = {
  /** Items in one turn at most. */
  readonly most?: number
  /** Turns under way at the same time. */
  readonly atOnce?: number
  /** Milliseconds between the end of a turn and the next, in which more can join it; who comes after a longer quiet does not wait, nor does a full turn. */
  readonly restMs?: number
  /** Whether a turn that fails is done again item by item, so that one bad item fails alone. The work must bear being repeated. */
  readonly alone?: boolean
}
type Waiting<T, R> = {
  readonly item: T
  readonly done: (result: R) => void
  readonly failed: (error: unknown) => void
}

/**
 * Work that is done together: who asks while a turn is under way shares the next one with all others who do. A rush costs few exchanges,
 * a quiet hour no waiting, and the size of a batch is nobody's setting. `work` answers one result per item, in their order.
 */
export const createGather = <T, R>(
  work: (items: readonly T[]) => Promise<readonly R[]>,
  { most = 200, atOnce = 1, restMs = 0, alone = true }: GatherOptions = {},
): ((item: T) => Promise<R>) => {
  let waiting: Waiting<T, R>[] = []
  let running = 0

  const turn = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await work(batch.map(({ item }) => item))
      if (results.length !== batch.length) throw new TypeError('a gathered work answers one result per item')
      for (const [index, result] of results.entries()) batch[index]?.done(result)
    } catch (error) {
      if (alone && batch.length > 1) await Promise.all(batch.map((one) => turn([one])))
      else for (const { failed } of batch) failed(error)
    }
  }

  const run = async (): Promise<void> => {
    running += 1
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most)
      waiting = waiting.slice(most)
      await turn(batch)
      if (restMs > 0 && waiting.length < most) await sleep(restMs)
    }
    running -= 1
  }

  return (item) =>
    new Promise((done, failed) => {
      waiting.push({ item, done, failed })
      // What is asked for in the same tick belongs together.
      if (running < atOnce) queueMicrotask(() => void (running < atOnce && waiting.length > 0 && run()))
    })
}
