/**
 * Does the work for every item, at most `atOnce` at a time. A failure does not stop the others; afterwards the first one is
 * thrown, as it is, so that its `retry` still counts.
 */
export const eachOf = async <T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const failures: unknown[] = []
  const queue = items.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      try {
        await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  if (failures.length > 0) throw failures[0]
}

const batchSize = 20
const batchesAtOnce = 3

/**
 * Does the work in batches of 20. A batch that fails is done again item by item, so that one bad item does not hold up the
 * others; the work must bear being repeated.
 */
export const eachInBatches = async <T>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<void>,
): Promise<void> => {
  const batches = Array.from({ length: Math.ceil(items.length / batchSize) }, (_, i) =>
    items.slice(i * batchSize, (i + 1) * batchSize),
  )
  await eachOf(batches, batchesAtOnce, async (batch) => {
    try {
      await work(batch)
    } catch (error) {
      if (batch.length === 1) throw error
      await eachOf(batch, 1, (item) => work([item]))
    }
  })
}

export type UnderWay = {
  /** Lets work go on by itself; resolves when there is room for more. */
  add(work: Promise<void>): Promise<void>
  /** Waits for all of it; throws the first failure. */
  end(): Promise<void>
}

/** Work that goes on beside what follows, at most `most` pieces of it. */
export const createUnderWay = (most: number): UnderWay => {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  const end = async (): Promise<void> => {
    await Promise.all(running)
    if (failures.length > 0) throw failures[0]
  }
  return {
    add: async (work) => {
      const noted: Promise<void> = work
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(noted))
      running.add(noted)
      if (running.size >= most) await Promise.race(running)
      // A delivery that fails is likely to go on failing; the job begins anew.
      if (failures.length > 0) await end()
    },
    end,
  }
}
