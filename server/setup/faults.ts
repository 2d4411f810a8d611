import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { faultsModel, type FaultDoc } from './faults.model.ts'

/** What is met is written down once a second, so that a burst costs one write. */
const FLUSH_MS = 1000
/** How often a process learns which paths others have met faults on. */
const LEARN_MS = 10_000
/** The same fault is told again no earlier. */
export const TELL_AGAIN_MS = 3_600_000

type Met = { path: string; errcode: number; hint: string }
type Waiting = Met & { count: number; firstAt: Date; lastAt: Date }
type Deps = { mongo: Mongo; clock: Clock; log: Log }

export type Faults = ReturnType<typeof createFaults>

/**
 * Faults of settings and rights that any process meets, from the first refusal of a path until a call of it goes through. `met` and
 * `passed` are hooks of the client: they only note, and never throw.
 */
export const createFaults = ({ mongo, clock, log }: Deps) => {
  const model = faultsModel(mongo.connection)
  const waiting = new Map<string, Waiting>()
  /** Paths with a fault, as this process knows; others may have met more. */
  let faulty = new Set<string>()
  const mended = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let learnAt = 0

  const write = async ({ path, errcode, hint, count, firstAt, lastAt }: Waiting): Promise<void> => {
    const _id = `${path} ${errcode}`
    const known = await model.findById(_id).lean<FaultDoc>()
    const again = known?.toldAt ? new Date(Math.max(clock.now(), known.toldAt.getTime() + TELL_AGAIN_MS)) : clock.date()
    // One that was mended begins anew.
    const anew = !known || known.healedAt !== null
    await model.updateOne(
      { _id },
      {
        $set: {
          ...{ path, errcode, hint, lastAt, healedAt: null },
          ...(anew ? { firstAt } : {}),
          ...(known?.tellAt ? {} : { tellAt: again }),
          count: anew ? count : known.count + count,
        },
        $setOnInsert: { toldAt: null },
      },
      { upsert: true },
    )
  }

  const flush = async (): Promise<void> => {
    timer = null
    const [met, healed] = [[...waiting.values()], [...mended]]
    waiting.clear()
    mended.clear()
    try {
      if (healed.length > 0)
        await model.updateMany(
          { healedAt: null, path: { $in: healed } },
          { $set: { healedAt: clock.date() }, $unset: { tellAt: 1 } },
        )
      for (const one of met) await write(one)
    } catch (error) {
      log.warn({ err: error }, 'faults of WeCom were not written down')
    }
  }
  const soon = (): void => {
    timer ??= setTimeout(() => void flush(), FLUSH_MS).unref()
  }
  const learn = async (): Promise<void> => {
    try {
      const paths: string[] = await model.distinct('path', { healedAt: null })
      faulty = new Set([...paths, ...[...waiting.values()].map(({ path }) => path)])
    } catch (error) {
      log.warn({ err: error }, 'faults of WeCom could not be read')
    }
  }

  return {
    met: ({ path, errcode, hint }: Met): void => {
      const key = `${path} ${errcode}`
      const known = waiting.get(key)
      const now = clock.date()
      waiting.set(key, {
        path,
        errcode,
        hint,
        firstAt: known?.firstAt ?? now,
        lastAt: now,
        count: (known?.count ?? 0) + 1,
      })
      faulty.add(path)
      mended.delete(path)
      soon()
    },
    passed: (path: string): void => {
      if (performance.now() >= learnAt) {
        learnAt = performance.now() + LEARN_MS
        void learn()
      }
      if (!faulty.has(path)) return
      faulty.delete(path)
      for (const [key, one] of waiting) if (one.path === path) waiting.delete(key)
      mended.add(path)
      soon()
    },
    /** Those that are there now, the latest first. */
    open: (): Promise<FaultDoc[]> =>
      model.find({ healedAt: null }).sort({ lastAt: -1 }).limit(50).lean<FaultDoc[]>().exec(),
    /** Writes down what is waiting. */
    close: async (): Promise<void> => {
      if (timer) clearTimeout(timer)
      await flush()
    },
  }
}
