import * as fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { Fact } from '@zhiyin/shared/fact'
import { withoutUnread } from '../../../server/profile/unread.ts'
import { anyFacts } from '../../support/any-facts.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
/** Some 500 days after the first of what happens: with the time between turns one after the other leaves what is computed. */
const start = new Date('2027-06-01T00:00:00Z')
const clock = movableClock(start)
let serial = 0

beforeAll(() => mongo.indexes())

const orders = { event: 'order.completed' as const, where: [] }
/** By what managers have defined: nothing, something to compute, and that nobody may ask when somebody was seen. */
const worlds = {
  'nothing of their own': [],
  'an attribute to compute': [
    { key: 'bought', name: '近 560 天单数', computation: { type: 'count' as const, of: orders, windowDays: 560 } },
  ],
  'what is sensitive': [
    { key: 'last_seen_at', name: '最近互动', type: 'date' as const, sensitivity: 'sensitive' as const },
  ],
}
const attributesOf = (world: keyof typeof worlds): Attribute[] => {
  const own = worlds[world].map((one): Attribute => ({
    ...{ nameEn: '', layer: 'trajectory', type: 'number', choices: [], sensitivity: 'open', sources: [], computation: null },
    ...one,
  })) // prettier-ignore
  const keys = new Set(own.map(({ key }) => key))
  return [...builtInAttributes.filter(({ key }) => !keys.has(key)), ...own]
}

const bought = [10, 40, 71, 99].map((day): Fact => ({
  customerId: '',
  id: `bought:${day}`,
  type: 'order.completed',
  at: new Date(Date.UTC(2026, 0, day)),
  seenAt: clock.date(),
  source: 'ingest',
  payload: { orderId: `bought:${day}`, amount: 5_000, currency: 'CNY', products: [] },
}))
const on = (day: number) => ({
  ...{ customerId: '', id: `on:${day}`, at: new Date(Date.UTC(2026, 0, day)) },
  ...{ seenAt: clock.date(), source: 'ingest' as const },
})
const opened = (linkId: string) => ({ type: 'link.opened' as const, payload: { linkId, url: 'https://shop.example/' } })
const said = (traits: Record<string, unknown>) => ({
  type: 'profile.identified' as const,
  payload: { traits, source: 'ingest' as const },
})
/** What says of somebody what is also worked out, and what only shows that they were there. */
const shown: Fact[] = [
  { ...on(5), type: 'behavior.tracked', payload: { name: 'Article Opened', properties: { topic: '护肤' } } },
  { ...on(20), ...said({ name: '林晓雯', phone: '13900000001' }) },
  { ...on(30), ...said({ topics: ['露营'] }) },
  { ...on(50), ...said({ last_seen_at: '2026-02-01' }) },
  ...[60, 61, 120, 121].map((day) => ({ ...on(day), ...opened(`l${day}`) })),
]
/** Also enough orders for a rhythm, among the others. */
const stream = fc
  .oneof(
    fc.subarray(shown),
    fc.subarray([...bought, ...shown]),
    fc.tuple(anyFacts, fc.subarray([...bought, ...shown])).map((lists) => lists.flat()),
  )
  .chain((facts) => fc.shuffledSubarray(facts, { minLength: facts.length }))

type Read = ReturnType<typeof customerEngine>['read']
/** What an event leaves unread unless it changes what that follows from. */
const unreadOf = async (read: Read, id: string): Promise<Record<string, unknown>> => {
  const { updatedAt: _updatedAt, ...doc } = { ...(await read.whole(id)) }
  return Object.fromEntries(Object.entries(doc).filter(([field]) => Object.hasOwn(withoutUnread, field)))
}

const names = ['nothing of their own', 'an attribute to compute', 'what is sensitive'] as const

it.each(names)(
  'who is written event by event is looked up by the same as who is worked out anew, with %s',
  async (world) => {
    const engine = customerEngine(mongo.get(), clock, {}, async () => ({ attributes: attributesOf(world) }))
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(stream, fc.constantFrom(1, 1, 2, 5), async (facts, size) => {
        const run = `unread-${++serial}`
        clock.set(start)
        const customerId = await engine.profile.ensureCustomer([{ kind: 'user_id', value: run }])
        for (let from = 0; from < facts.length; from += size) {
          const before = await unreadOf(engine.read, customerId)
          const some = facts.slice(from, from + size)
          clock.advance(25 * 86_400_000)
          await engine.profile.take(some.map((fact) => ({ ...fact, customerId, id: `${run}:${fact.id}` })))
          await engine.drain()
          const after = await unreadOf(engine.read, customerId)
          for (const field of Object.keys(after))
            if (JSON.stringify(after[field]) !== JSON.stringify(before[field])) seen.add(field)
        }
        const written = await unreadOf(engine.read, customerId)
        await engine.profile.refold(customerId)
        expect(await unreadOf(engine.read, customerId)).toEqual(written)
      }),
      { numRuns: 100 },
    )
    // Each of them was another one at some time.
    const still = Object.keys(withoutUnread).filter((field) => !seen.has(field) && field !== 'updatedAt')
    expect(still).toEqual([])
  },
)
