import type { RejectedMessage } from '@zhiyin/shared/api/ingest'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { hidesNothing, namesOf, type Hide } from './hide.ts'
import type { Naming } from './personal.ts'
import { messageLimit } from './message.ts'
import type { Refused } from './problem.ts'
import { rejectModel, type RejectDoc } from './rejects.model.ts'

/** A message and why it was not taken. */
export type Rejected = Refused & { readonly raw: unknown }

/** A client gone wrong sends the same mistake over and over; so many a day tell what it is. */
const mostADay = 10_000
const dayMs = 86_400_000

const partOf = (raw: unknown, key: string): unknown =>
  typeof raw === 'object' && raw !== null ? Reflect.get(raw, key) : undefined

const textIn = (raw: unknown, key: string): string => {
  const value = partOf(raw, key)
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 255) : ''
}

/** The library a message came from, as it says itself: `analytics-node 3.1.0`. */
export const sourceOf = (raw: unknown): string => {
  const library = partOf(partOf(raw, 'context'), 'library')
  return `${textIn(library, 'name')} ${textIn(library, 'version')}`.trim() || 'HTTP'
}

export const whoIn = (raw: unknown): string => textIn(raw, 'userId') || textIn(raw, 'anonymousId')

/** What is kept of a batch that is not taken as a whole: nothing of whom it tells, since nobody could find it to erase it. */
export const outlineOf = (raw: unknown): object => ({
  type: 'batch',
  fields: typeof raw === 'object' && raw !== null ? Object.keys(raw).slice(0, 20) : [],
  context: { library: partOf(partOf(raw, 'context'), 'library') },
})

/** The key in it is nobody's business. */
const withoutKey = (raw: unknown): unknown =>
  typeof raw === 'object' && raw !== null && 'writeKey' in raw ? { ...raw, writeKey: undefined } : raw

export const rawText = (raw: unknown, most: number): string => {
  const text = JSON.stringify(withoutKey(raw))
  return text.length <= most ? text : `${text.slice(0, most)}…`
}

const presentReject = ({ _id, at, ...rest }: RejectDoc): RejectedMessage => ({ id: _id, at: at.toISOString(), ...rest })

type Deps = { mongo: Mongo; clock: Clock; newId: NewId; hide?: Hide }

/** Messages that were not taken, kept for 30 days with why, so that whoever sends them can be helped. */
export const createRejects = ({ mongo, clock, newId, hide = hidesNothing }: Deps) => {
  const model = rejectModel(mongo.connection)
  let today = { day: 0, kept: 0 }

  const page = async (limit: number, after?: string): Promise<RejectDoc[]> =>
    model
      .find(after === undefined ? {} : { _id: { $lt: after } })
      .sort({ _id: -1 })
      .limit(limit)
      .lean<RejectDoc[]>()

  const about = async ({ ids, within }: Naming) => ({
    $or: [{ who: { $in: await namesOf(ids, hide) } }, ...within.map((pattern) => ({ raw: { $regex: pattern } }))],
  })

  return {
    async keep(path: string, rejected: readonly Rejected[]): Promise<void> {
      const at = clock.date()
      const day = Math.floor(at.getTime() / dayMs)
      if (today.day !== day) today = { day, kept: 0 }
      const some = rejected.slice(0, mostADay - today.kept)
      if (some.length === 0) return
      today.kept += some.length
      const hidden = await Promise.all(some.map(async ({ problem, raw }) => ({ problem, raw: await hide.in(raw) })))
      await model.insertMany(
        hidden.map(({ problem, raw }) => ({
          _id: newId('reject'),
          at,
          kind: textIn(raw, 'type'),
          who: whoIn(raw),
          source: sourceOf(raw),
          path,
          problem,
          raw: rawText(raw, messageLimit),
        })),
        { ordered: false },
      )
    },

    /** One page, newest first. */
    async list({
      limit,
      after,
    }: {
      limit: number
      after?: string | undefined
    }): Promise<{ items: RejectedMessage[]; next: string | null }> {
      const docs = await page(limit + 1, after)
      const items = docs.slice(0, limit)
      return {
        items: hide.out(items).map(presentReject),
        next: docs.length > limit ? (items.at(-1)?._id ?? null) : null,
      }
    },

    /** All of them, newest first, page by page. */
    async *all(): AsyncGenerator<RejectedMessage[]> {
      let after: string | undefined
      for (;;) {
        const docs = await page(500, after)
        if (docs.length === 0) return
        yield hide.out(docs).map(presentReject)
        after = docs.at(-1)?._id
      }
    },

    /** Everything of somebody. Kept for some weeks only, so what merely names them is looked for in all. */
    naming: async (naming: Naming): Promise<RejectDoc[]> =>
      model
        .find(await about(naming))
        .sort({ _id: 1 })
        .lean<RejectDoc[]>(),
    /** Answers how many are deleted. */
    forget: async (naming: Naming): Promise<number> => (await model.deleteMany(await about(naming))).deletedCount,
  }
}

export type Rejects = ReturnType<typeof createRejects>
