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
