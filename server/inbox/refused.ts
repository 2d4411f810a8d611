import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { RefusedModel } from './refused.model.ts'

const FLUSH_MS = 1000
const HOUR_MS = 3_600_000

export type RefusedCounter = { count: (why: string) => void; close: () => Promise<void> }

/** Counts refused callbacks per hour and reason in memory and adds them up in MongoDB once a second, so that an attack costs one write a second. */
export const createRefused = (model: RefusedModel, clock: Clock, log: Log): RefusedCounter => {
  let counts = new Map<string, { hour: number; why: string; count: number }>()
  let timer: NodeJS.Timeout | null = null

  const flush = async (): Promise<void> => {
    const batch = [...counts]
    counts = new Map()
    if (timer) clearTimeout(timer)
    timer = null
    if (batch.length === 0) return
    try {
      await model.bulkWrite(
        batch.map(([_id, { hour, why, count }]) => ({
          updateOne: {
            filter: { _id },
            update: { $inc: { count }, $setOnInsert: { hour: new Date(hour), why } },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    } catch (error) {
      log.warn({ err: error, lost: batch.length }, 'refused callbacks not counted')
    }
  }

  return {
    count: (why) => {
      const hour = Math.floor(clock.now() / HOUR_MS) * HOUR_MS
      const key = `${hour} ${why}`
      const before = counts.get(key)
      if (before) before.count += 1
      else counts.set(key, { hour, why, count: 1 })
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref()
    },
    close: flush,
  }
}
