import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Fact, FactPayload, NewFact } from '@zhiyin/shared/fact'
import { createSeal } from '../../../server/privacy/seal.ts'
import { consentsOf, standingOf, withConsents } from '../../../server/profile/state/consents.ts'
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
      {
        version: 1,
        id: 'r1',
        name: '买过',
        tagId: 't1',
        tag: '买过',
        condition: { type: 'orders', op: 'gte', value: 1 },
      },
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

  const said = ['report', 'trait', 'import', 'act', 'rep'] as const
  const word = fc.record({
    id: fc.uuid(),
    at: fc.integer({ min: 0, max: 3 }),
    purpose: fc.constantFrom('marketing' as const, 'sharing' as const),
    state: fc.constantFrom('granted' as const, 'withdrawn' as const),
    as: fc.constantFrom(...said),
  })
  type Word = typeof word extends fc.Arbitrary<infer W> ? W : never
  const sources = { report: 'ingest', import: 'import', act: 'form', rep: 'rep' } as const
  const factOf = ({ id, at, purpose, state, as }: Word): Fact => {
    const base = { id, customerId: 'c', at: new Date(at), seenAt: new Date(at), source: 'ingest' as const }
    return as === 'trait'
      ? {
          ...base,
          type: 'profile.identified',
          payload: { traits: { [`${purpose}_consent`]: state }, source: 'ingest' },
        }
      : { ...base, type: 'consent.changed', payload: { purpose, state, source: sources[as] } }
  }
  /** The last word; of the same moment the withdrawal. */
  const lastOf = (words: readonly Word[]): Word | undefined =>
    words.toSorted((a, b) => b.at - a.at || (a.state === 'withdrawn' ? -1 : 1))[0]

  it('is withdrawn by whoever says so, and lifted by an act where an act withdrew; in any order and however often told', () => {
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
        const [early, late] = [facts.slice(0, turn % 5), facts.slice(turn % 5)]
        expect(applyFacts(applyFacts(emptyState, early, []), late, []).consents).toEqual(consents)
        for (const purpose of ['marketing', 'sharing'] as const) {
          const own = words.filter((one) => one.purpose === purpose)
          const [act, report] = [
            lastOf(own.filter(({ as }) => as === 'act' || as === 'rep')),
            lastOf(own.filter(({ as }) => as !== 'act' && as !== 'rep')),
          ]
          const stands = act?.state === 'withdrawn' ? act : lastOf([act, report].flatMap((one) => one ?? []))
          expect(consentsOf({ consents })[purpose]).toBe(stands?.state ?? 'unknown')
        }
      }),
    )
  })

  it('kept when there was one word of each purpose: it is an act or a report by its source, and goes on as that', () => {
    const kept = (source: 'rep' | 'import') => ({
      ...emptyState,
      consents: [
        { purpose: 'marketing' as const, state: 'withdrawn' as const, at: new Date(1), source, by: null, proof: null },
      ],
    })
    const told = [factOf({ id: 'r', at: 2, purpose: 'marketing', state: 'granted', as: 'trait' })]
    const marketing = (source: 'rep' | 'import') => standingOf(applyFacts(kept(source), told, []).consents, 'marketing')
    expect(marketing('rep')).toMatchObject({ stands: { state: 'withdrawn' }, overruled: { source: 'ingest' } })
    expect(marketing('import')).toMatchObject({ stands: { state: 'granted' }, overruled: null })
  })

  it('that a system repeats at the next login lifts no withdrawal, and the profile says so; who agrees anew has agreed', async () => {
    const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'c3' }])
    const login = async () => {
      clock.advance(1_000)
      const payload = { traits: { marketing_consent: true }, source: 'ingest' as const }
      await engine.tell({ ...fact(id, 'profile.identified', payload), source: 'ingest' })
    }
    await login()
    expect((await engine.read.view(id))?.consent).toBe('granted')
    await say(id, 'marketing', 'withdrawn')
    await login()
    expect((await engine.read.view(id))?.consent).toBe('withdrawn')
    expect(standingOf((await engine.read.whole(id))?.state.consents ?? [], 'marketing')).toMatchObject({
      stands: { state: 'withdrawn', source: 'customer' },
      overruled: { state: 'granted', source: 'ingest' },
    })
    await engine.profile.refold(id)
    expect((await engine.read.view(id))?.consent).toBe('withdrawn')
    await say(id, 'marketing', 'granted')
    expect((await engine.read.view(id))?.consent).toBe('granted')
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
