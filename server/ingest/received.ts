import { kinds, type IngestDay, type ReceivedMessage } from '@zhiyin/shared/api/ingest'
import { zonedTime } from '@zhiyin/shared/zone'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Message } from './message.ts'
import { dayModel, recentModel, type DayDoc, type Recent, type RecentDoc } from './received.model.ts'
import { hidesNothing, namesOf, type Hide } from './hide.ts'
import type { Naming } from './personal.ts'
import { rawText, sourceOf, whoIn } from './rejects.ts'

const one = { _id: 'recent' }
const mostRecent = 50
const longest = 2_000
const dayMs = 86_400_000
const shownDays = 30

/** What came in one request. */
type Came = { readonly taken: readonly Message[]; readonly rejected: number; readonly skipped: number }

/** What is kept of it until it is written down: the messages themselves, but for the last, are let go. */
type Noted = {
  readonly at: Date
  readonly counts: readonly (readonly [key: string, n: number])[]
  readonly last: readonly Message[]
}

const notedOf = ({ taken, rejected, skipped }: Came, at: Date): Noted => {
  const sums = new Map<string, number>()
  for (const { kind } of taken) sums.set(kind, (sums.get(kind) ?? 0) + 1)
  const counts = [...sums, ['rejected', rejected] as const, ['skipped', skipped] as const]
  return { at, counts: counts.filter(([, n]) => n > 0), last: taken.slice(-mostRecent) }
}

const eventOf = ({ kind, input }: Message): string =>
  kind === 'track' ? input.event : kind === 'page' || kind === 'screen' ? (input.name ?? '') : ''

const recentOf = async (message: Message, at: Date, hide: Hide): Promise<Recent> => {
  const input = await hide.in(message.input)
  return {
    at,
    kind: message.kind,
    event: eventOf(message),
    who: whoIn(input),
    source: sourceOf(input),
    raw: rawText(input, longest),
  }
}

const presentDay = (day: string, counts: DayDoc['counts']): IngestDay => ({
  day,
  kinds: Object.fromEntries(kinds.flatMap((kind) => (counts[kind] === undefined ? [] : [[kind, counts[kind]]]))),
  rejected: counts.rejected ?? 0,
  skipped: counts.skipped ?? 0,
})

type Deps = { mongo: Mongo; clock: Clock; log: Log; zone: string; everyMs?: number; hide?: Hide }

/**
 * How many messages come a day, and the last of them, for whoever connects a shop. Written down once a second at most, so that a rush
 * costs no more than a trickle; a process that dies loses a second of the figures, never a message.
 */
export const createReceived = ({ mongo, clock, log, zone, everyMs = 1_000, hide = hidesNothing }: Deps) => {
  const days = dayModel(mongo.connection)
  const recent = recentModel(mongo.connection)

  const write = async (list: readonly Noted[]): Promise<readonly void[]> => {
    const byDay = new Map<string, Map<string, number>>()
    for (const { at, counts } of list) {
      const day = zonedTime(at, zone).date
      const sums = byDay.get(day) ?? new Map<string, number>()
      for (const [key, n] of counts) sums.set(key, (sums.get(key) ?? 0) + n)
      byDay.set(day, sums)
    }
    await days.bulkWrite(
      [...byDay].map(([_id, sums]) => ({
        updateOne: {
          filter: { _id },
          update: { $inc: Object.fromEntries([...sums].map(([key, n]) => [`counts.${key}`, n])) },
          upsert: true,
        },
      })),
      { ordered: false },
    )
    const items = list.flatMap(({ last, at }) => last.map((message) => ({ message, at })))
    if (items.length > 0)
      await recent.updateOne(
        one,
        {
          $push: {
            items: {
              $each: await Promise.all(items.slice(-mostRecent).map(({ message, at }) => recentOf(message, at, hide))),
              $slice: -mostRecent,
            },
          },
        },
        { upsert: true },
      )
    return list.map(() => undefined)
  }
  const together = createGather(write, { most: 100_000, restMs: everyMs, alone: false })
  let last: Promise<void> = Promise.resolve()

  return {
    /** Never throws and keeps nobody waiting. */
    note(came: Came): void {
      if (came.taken.length + came.rejected + came.skipped === 0) return
      last = together(notedOf(came, clock.date())).catch((error: unknown) =>
        log.warn({ err: error }, 'figures of received messages were not written down'),
      )
    },

    async overview(): Promise<{ days: IngestDay[]; recent: ReceivedMessage[] }> {
      const now = clock.now()
      const names = Array.from(
        { length: shownDays },
        (_, i) => zonedTime(new Date(now - (shownDays - 1 - i) * dayMs), zone).date,
      )
      const [found, doc] = await Promise.all([
        days.find({ _id: { $in: names } }).lean<DayDoc[]>(),
        recent.findOne(one).lean<RecentDoc | null>(),
      ])
      const byDay = new Map(found.map(({ _id, counts }) => [_id, counts]))
      return {
        days: names.map((day) => presentDay(day, byDay.get(day) ?? {})),
        recent: hide
          .out(doc?.items ?? [])
          .toReversed()
          .map(({ at, ...rest }) => ({ at: at.toISOString(), ...rest })),
      }
    },

    /** Deletes what is shown of somebody. */
    async forget({ ids, within }: Naming): Promise<void> {
      await recent.updateOne(one, { $pull: { items: { who: { $in: await namesOf(ids, hide) } } } })
      for (const pattern of within) await recent.updateOne(one, { $pull: { items: { raw: { $regex: pattern } } } })
    },

    /** Waits for what is being written down. */
    close: (): Promise<void> => last,
  }
}

export type Received = ReturnType<typeof createReceived>
