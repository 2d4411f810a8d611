import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Fact, FactPayload, NewFact } from '@zhiyin/shared/fact'
import { createSeal } from '../../../server/privacy/seal.ts'
import { consentsOf, withConsents } from '../../../server/profile/state/consents.ts'
import { applyFacts } from '../../../server/profile/state/apply.ts'
import { emptyState } from '../../../server/profile/state/state.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { testVault } from './vault.ts'

const mongo = useMongo()
const clock = movableClock()
let needsGrant = false
let engine: ReturnType<typeof customerEngine>

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock, {}, async () => ({
    profilingNeedsGrant: needsGrant,
    segments: [
      { id: 'buyers', name: '买过', condition: { type: 'orders', op: 'gte', value: 1 } },
      { id: 'list', name: '线下', condition: null },
    ],
    tagRules: [
      { id: 'r1', name: '买过', tagId: 't1', tag: '买过', condition: { type: 'orders', op: 'gte', value: 1 } },
    ],
  }))
  await mongo.indexes()
})

let n = 0
const fact = <T extends NewFact['type']>(customerId: string, type: T, payload: FactPayload<T>) => ({
  id: `${type}:${(n += 1)}`,
  customerId,
  type,
  at: clock.date(),
  source: 'rep' as const,
  payload,
})
const say = async (customerId: string, purpose: 'profiling' | 'marketing', state: 'granted' | 'withdrawn') => {
  clock.advance(1_000)
  await engine.tell(fact(customerId, 'consent.changed', { purpose, state, source: 'customer' }))
}

describe('consent', () => {
  it('to profiling: without it no tags of rules, no segments, no guesses; stage, tier and lists stay', async () => {
    const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'c1' }])
    await engine.tell(
      fact(id, 'order.completed', { orderId: 'o1', amount: 100_00, currency: 'CNY', products: [{ category: '护肤' }] }),
      fact(id, 'behavior.tracked', { name: 'Article Opened', properties: { topic: '防晒' } }),
      fact(id, 'list.joined', { listId: 'list', list: '线下', by: 'wang' }),
    )
    const view = async () => {
      const found = await engine.read.view(id)
      return {
        tags: found?.tagIds ?? [],
        segments: found?.segments.map((one) => one.id) ?? [],
        topics: found?.attrs.some(({ k }) => k === 'topics'),
        stage: found?.stage.stage,
        levels: found?.levels.length,
        profiling: found?.consents.profiling,
      }
    }
    const whole = { tags: ['t1'], segments: ['buyers', 'list'], topics: true, stage: 'new', levels: 1 }
    expect(await view()).toMatchObject({ ...whole, profiling: 'unknown' })
    await say(id, 'profiling', 'withdrawn')
    const bare = { tags: [], segments: ['list'], topics: false, stage: 'new', levels: 1 }
    expect(await view()).toEqual({ ...bare, profiling: 'withdrawn' })
    expect(engine.matched.some(({ type }) => type === 'segment.left')).toBe(true)
    await say(id, 'profiling', 'granted')
    expect(await view()).toMatchObject(whole)
  })

  it('to profiling: where the company asks for a recorded one, nobody is profiled before', async () => {
    const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'c2' }])
    needsGrant = true
    clock.advance(3_000)
    await engine.definitions.fresh()
    await engine.tell(fact(id, 'order.completed', { orderId: 'o2', amount: 1, currency: 'CNY', products: [] }))
    expect((await engine.read.view(id))?.tagIds).toEqual([])
    await say(id, 'profiling', 'granted')
    expect((await engine.read.view(id))?.tagIds).toEqual(['t1'])
    needsGrant = false
  })

  it('stands as its newest word; of the same moment the withdrawal wins, in any order and however often told', () => {
    const word = fc.record({
      id: fc.uuid(),
      at: fc.integer({ min: 0, max: 3 }),
      purpose: fc.constantFrom('marketing' as const, 'sharing' as const),
      state: fc.constantFrom('granted' as const, 'withdrawn' as const),
      trait: fc.boolean(),
    })
    const factOf = ({ id, at, purpose, state, trait }: typeof word extends fc.Arbitrary<infer W> ? W : never): Fact => {
      const base = { id, customerId: 'c', at: new Date(at), seenAt: new Date(at), source: 'ingest' as const }
      return trait
        ? {
            ...base,
            type: 'profile.identified',
            payload: { traits: { [`${purpose}_consent`]: state }, source: 'ingest' },
          }
        : { ...base, type: 'consent.changed', payload: { purpose, state, source: 'form' } }
    }
    fc.assert(
      fc.property(fc.uniqueArray(word, { selector: ({ id }) => id, maxLength: 12 }), fc.nat(), (words, turn) => {
        const facts = words.map(factOf)
        const turned = [
          ...facts.slice(turn % (facts.length + 1)),
          ...facts,
          ...facts.slice(0, turn % (facts.length + 1)),
        ]
        const { consents } = applyFacts(emptyState, facts, [])
        expect(applyFacts(emptyState, turned, []).consents).toEqual(consents)
        for (const purpose of ['marketing', 'sharing'] as const) {
          const own = words.filter((one) => one.purpose === purpose)
          const last = Math.max(...own.map(({ at }) => at))
          const newest = own.filter(({ at }) => at === last)
          const expected = newest.some(({ state }) => state === 'withdrawn')
            ? 'withdrawn'
            : (newest[0]?.state ?? 'unknown')
          expect(consentsOf({ consents })[purpose]).toBe(expected)
        }
      }),
    )
  })

  it('kept as a trait before is a consent now', () => {
    const at = new Date(5)
    const trait = (key: string, value: string) => ({ key, value, source: 'rep' as const, at, by: 'wang' })
    const { consents: _none, ...old } = emptyState
    const state = withConsents({
      ...old,
      traits: [
        trait('city', '上海'),
        trait('marketing_consent', 'withdrawn'),
        trait('marketing_consent_note', '太多了'),
      ],
    })
    expect(state.traits.map(({ key }) => key)).toEqual(['city'])
    expect(state.consents).toEqual([
      { purpose: 'marketing', state: 'withdrawn', at, source: 'rep', by: 'wang', proof: { text: '太多了' } },
    ])
  })

  it('is proven by words in which phones are sealed', async () => {
    const vault = testVault()
    const seal = createSeal({ vault, sensitive: async () => () => false })
    const payload = {
      purpose: 'sharing',
      state: 'granted',
      source: 'form',
      proof: { text: '13812345678 已签' },
    } as const
    const [sealed] = await seal.facts([fact('c', 'consent.changed', payload)])
    expect(JSON.stringify(sealed)).not.toContain('13812345678')
    expect(sealed === undefined ? '' : JSON.stringify(vault.open(sealed))).toContain('13812345678 已签')
  })
})
