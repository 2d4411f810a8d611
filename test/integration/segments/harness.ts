import { z } from 'zod'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Condition } from '@zhiyin/shared/condition'
import type { Enqueue } from '../../../server/flow/jobs.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import type { Definitions } from '../../../server/profile/types.ts'
import { createSegments, type Segments } from '../../../server/segments/segments.ts'
import type { Asking } from '../../../server/segments/types.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'
import { testVault } from '../privacy/vault.ts'

export const start = new Date('2026-06-01T02:00:00Z')
export const day = 86_400_000

const Fill = z.object({ segmentId: z.string(), after: z.string().nullable() })
const Export = z.object({ exportId: z.string(), after: z.string().nullable() })

/** The real room on the real customers, with the queue replaced by a list. */
export const segmentsHarness = (mongo: Mongo) => {
  const clock = movableClock(start)
  const jobs: { name: string; payload: unknown }[] = []
  const asking: Asking[] = []
  const needsGrant = { now: true }
  const expired: number[] = []
  /** What comes before the names of reps are told. */
  const naming = { before: async (): Promise<void> => undefined }
  let segments: Segments | null = null
  let over: Partial<Omit<Definitions, 'version'>> = {}
  const engine = customerEngine(mongo, clock, {}, async () => ({
    ...over,
    segments: segments === null ? [] : await segments.rules(),
  }))
  const enqueue: Enqueue = async (name, payload) => void jobs.push({ name, payload })
  const room = createSegments({
    mongo,
    vault: testVault(),
    sharingNeedsGrant: async () => needsGrant.now,
    keepDays: async () => 7,
    onExpired: async (files) => void expired.push(files),
    clock,
    newId: engine.newId,
    log: quietLog,
    enqueue,
    customers: engine.read,
    definitions: engine.definitions,
    recompute: engine.profile.recompute,
    asking: async () => asking,
    append: engine.facts.append,
    perBatch: 4,
    apart: { keep: engine.facts.keep, deliver: engine.deliver },
    backlogs: engine.backlogs,
    tagNames: async (ids) => new Map(ids.map((id) => [id, `标签 ${id}`])),
    repNames: async (ids) => {
      await naming.before()
      return new Map(ids.map((id) => [id, `顾问 ${id}`]))
    },
  })
  segments = room

  /** What is due is done, until nothing is: sweeps, jobs, deliveries. */
  const work = async (): Promise<void> => {
    for (const sweep of room.sweeps) await sweep.run(clock.date())
    await engine.sweep()
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      if (job.name === 'segments.fill') await room.jobs['segments.fill'](Fill.parse(job.payload))
      else await room.jobs['segments.export'](Export.parse(job.payload))
    }
    await engine.drain()
  }
  let count = 0
  const base = (customerId: string, daysAgo: number) => ({
    id: `told:${(count += 1)}`,
    customerId,
    at: new Date(clock.now() - daysAgo * day),
    source: 'ingest' as const,
  })
  const ordered = (customerId: string, daysAgo: number, amount = 10_000): NewFact => ({
    ...base(customerId, daysAgo),
    type: 'order.completed',
    payload: { orderId: `o${count}`, amount, currency: 'CNY', products: [] },
  })
  const told = (customerId: string, traits: Record<string, unknown>): NewFact => ({
    ...base(customerId, 1),
    type: 'profile.identified',
    payload: { traits, source: 'ingest' },
  })
  const heldBy = (customerId: string, userid: string): NewFact => ({
    ...base(customerId, 100),
    source: 'wecom',
    type: 'contact.added',
    payload: { userid },
  })
  /** Customers known by a user id, in the order asked for. */
  const people = (...userIds: string[]): Promise<string[]> =>
    engine.profile.ensureCustomers(userIds.map((value) => [{ kind: 'user_id', value }]))
  return {
    clock,
    engine,
    room,
    asking,
    needsGrant,
    expired,
    naming,
    work,
    ordered,
    told,
    heldBy,
    people,
    define: (next: typeof over): void => {
      over = next
    },
  }
}

export const buysWithin = (days: number): Condition => ({
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count: 1,
  withinDays: days,
})
