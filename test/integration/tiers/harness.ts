import type { Enqueue } from '../../../server/flow/jobs.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import { createLevelsRead } from '../../../server/profile/levels/read.ts'
import type { Definitions } from '../../../server/profile/types.ts'
import { createTiers, type Tiers } from '../../../server/tiers/tiers.ts'
import type { Asking } from '../../../server/tiers/types.ts'
import type { NewFact } from '@zhiyin/shared/fact'
import type { SchemeInput, TierHow } from '@zhiyin/shared/tier-scheme'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'

export const start = new Date('2026-06-10T02:00:00Z')
export const day = 86_400_000

export const bySpend = (over: Partial<Extract<TierHow, { type: 'value' }>> = {}): TierHow => ({
  type: 'value',
  windowDays: 60,
  measure: 'spend',
  mode: 'fixed',
  limits: [50_000],
  shares: [0.2],
  ...over,
})
export const spenders: SchemeInput = {
  name: '消费力',
  levels: [
    { key: 'high', name: '高', tier: 'A' },
    { key: 'low', name: '低', tier: 'C' },
  ],
  how: bySpend(),
  holdDays: 7,
}
/** Everything of a test before goes; indexes stay. */
export const emptied = async ({ connection }: Mongo): Promise<void> => {
  for (const { collection } of Object.values(connection.models)) await collection.deleteMany({})
}

/** The real room on the real customers, with the queue replaced by a list. */
export const tiersHarness = (mongo: Mongo) => {
  const clock = movableClock(start)
  const jobs: { what: 'survey' | 'trial'; id: string }[] = []
  const asking: Asking[] = []
  let tiers: Tiers | null = null
  let over: Partial<Omit<Definitions, 'version'>> = {}
  const engine = customerEngine(mongo, clock, {}, async () => ({
    ...over,
    ...(tiers === null ? {} : { schemes: await tiers.definitions() }),
  }))
  const enqueue: Enqueue = async (_name, payload) => {
    if ('what' in payload && (payload.what === 'survey' || payload.what === 'trial'))
      jobs.push({ what: payload.what, id: payload.id })
  }
  const room = createTiers({
    mongo,
    clock,
    newId: engine.newId,
    enqueue,
    zone: 'Asia/Shanghai',
    customers: createLevelsRead(mongo),
    facts: engine.timeline,
    definitions: engine.definitions.fresh,
    recompute: engine.profile.recompute.want,
    asking: async () => asking,
    perBatch: 7,
  })
  tiers = room

  /** What the queue holds, until nothing is left. */
  const drain = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await room.jobs['tiers.work'](job)
  }
  const sweep = async (): Promise<void> => {
    for (const one of room.sweeps) await one.run(clock.date())
    await drain()
  }
  /** Everybody is worked out anew, once other processes would have the new definitions. */
  const settle = async (): Promise<void> => {
    clock.advance(3_000)
    await engine.sweep()
  }
  let count = 0
  const ordered = (customerId: string, daysAgo: number, amount: number): NewFact => ({
    id: `order:${(count += 1)}`,
    customerId,
    at: new Date(clock.now() - daysAgo * day),
    source: 'ingest',
    type: 'order.completed',
    payload: { orderId: `o${count}`, amount, currency: 'CNY', products: [] },
  })
  let people = 0
  /** So many customers, each of whom spent `amount(i)` in one order `daysAgo(i)` days ago; null: nothing. */
  const buyers = async (
    many: number,
    amount: (i: number) => number | null,
    daysAgo: (i: number) => number = () => 1,
  ): Promise<string[]> => {
    const ids = await engine.profile.ensureCustomers(
      Array.from({ length: many }, () => [{ kind: 'user_id' as const, value: `tiers-${(people += 1)}` }]),
    )
    const facts = ids.flatMap((id, i) => {
      const spent = amount(i)
      return spent === null ? [] : ordered(id, daysAgo(i), spent)
    })
    await engine.tell(...facts)
    return ids
  }
  const levelOf = async (id: string, scheme: string): Promise<string | undefined> =>
    (await engine.read.view(id))?.levels.find((level) => level.scheme === scheme)?.level
  return {
    clock,
    engine,
    room,
    jobs,
    asking,
    drain,
    sweep,
    settle,
    ordered,
    buyers,
    levelOf,
    define: (next: typeof over): void => {
      over = next
    },
  }
}
