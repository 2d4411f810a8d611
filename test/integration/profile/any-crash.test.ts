import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import { identity } from '../../../server/profile/read.ts'
import type { Definitions } from '../../../server/profile/types.ts'
import { anyDeeds } from '../../support/any-deeds.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { startDying } from '../../support/dying.ts'
import { useMongo } from '../../support/mongo.ts'
import { worldDefinitions } from '../../support/random-lives.ts'

const day = 86_400_000
const mongo = useMongo()
/** Levels that are held, a table, tags of which one at a time is on and that go off by themselves, segments that ask for them, a list. */
const defined: Omit<Definitions, 'version'> = {
  ...worldDefinitions,
  attributes: builtInAttributes,
  tags: { exclusive: [['t1', 't2', 't_rule']], expiry: { t3: { days: 10 }, t1: { days: 25 } } },
  segments: [
    ...worldDefinitions.segments,
    { id: 'seg_t3', name: '有标签', condition: { type: 'tag', tagId: 't3', tag: 't3' } },
    { id: 'seg_high', name: '高', condition: { type: 'level', schemeId: 'spenders', in: ['high'] } },
  ],
}

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let serial = 0

beforeAll(async () => {
  customerEngine(mongo.get(), movableClock())
  await mongo.indexes()
  // What a process that died in a transaction had locked is free again before who comes after it gives up.
  await mongo.get().connection.db?.admin().command({ setParameter: 1, transactionLifetimeLimitSeconds: 1 })
})
afterAll(async () => {
  await mongo.get().connection.db?.admin().command({ setParameter: 1, transactionLifetimeLimitSeconds: 60 })
})
beforeEach(() => {
  clock = movableClock()
  engine = customerEngine(mongo.get(), clock, {}, async () => defined)
})

const person = (): Promise<string> => {
  const who = identity('user_id', `any-crash-${++serial}`)
  return engine.profile.ensureCustomer(who === null ? [] : [who])
}
const docOf = async (id: string) => {
  const doc = await engine.read.whole(id)
  if (doc === null) throw new Error(`no customer ${id}`)
  return doc
}
/** Where somebody stands, with what conditions look up, and when time will change it. */
const stands = async (id: string) => {
  const { stage, tier, levels, tagIds, ruleTags, segments, attrs, orders, spend, consents, nextDueAt } = await docOf(id)
  return {
    stage: stage.stage,
    tier: tier.tier,
    levels: levels.map(({ scheme, level, rfm }) => [scheme, level, rfm]),
    tags: [...tagIds].sort(),
    ruleTags: ruleTags.map((tag) => tag.id).sort(),
    segments: segments.map((one) => one.id).sort(),
    ...{ attrs, orders, spend, consents, nextDueAt },
  }
}
/** Every move was told once: from what was told alone follows where they are. */
const followsFromWhatWasTold = async (id: string): Promise<void> => {
  const { stage, levels, segments } = await docOf(id)
  const facts = await engine.timeline.list(id, {
    types: ['stage.entered', 'level.changed', 'segment.entered', 'segment.left'],
    limit: 500,
  })
  const numbered = facts
    .map((fact) => ({ fact, n: Number(fact.id.split(':').at(-1)) }))
    .sort((a, b) => a.n - b.n)
    .map(({ fact }) => fact)
  const within = new Set<string>()
  for (const fact of numbered) {
    if (fact.type !== 'segment.entered' && fact.type !== 'segment.left') continue
    const { segmentId } = fact.payload
    expect([segmentId, within.has(segmentId)]).toEqual([segmentId, fact.type === 'segment.left'])
    if (fact.type === 'segment.entered') within.add(segmentId)
    else within.delete(segmentId)
  }
  expect([...within].sort()).toEqual(segments.map((one) => one.id).sort())
  const entered = numbered.findLast((fact) => fact.type === 'stage.entered')
  expect(entered?.payload).toMatchObject({ to: stage.stage })
  for (const { scheme, level } of levels) {
    const moved = numbered.findLast((fact) => fact.type === 'level.changed' && fact.payload.schemeId === scheme)
    if (moved !== undefined) expect(moved.payload).toMatchObject({ keys: { to: level } })
  }
}

/** What is told is done by a process that dies at a write, and is told again until somebody has taken it. */
const tellDying = async (news: readonly NewFact[], write: number, when: 'before' | 'after', take: boolean) => {
  const dying = await startDying(mongo.url(), { write, when })
  const doomed = customerEngine(dying.mongo, clock, {}, async () => defined)
  const told = await (take ? doomed.profile.take(news) : doomed.facts.append(news)).then(
    () => true,
    () => false,
  )
  await doomed.drain().catch(() => undefined)
  const died = dying.isDead()
  await dying.close()
  if (!told) await engine.facts.append(news)
  return died
}

it('no order, no repetition and no death within a transaction changes where a customer ends, nor tells a move twice or never', async () => {
  const chances = fc.infiniteStream(fc.nat(1000))
  let deaths = 0
  await fc.assert(
    fc.asyncProperty(anyDeeds, chances, async (factsOf, chance) => {
      const dice = (sides: number): number => (chance.next().value ?? 0) % sides
      const now = clock.date()
      const [plain, mixed] = [await person(), await person()]
      await engine.tell(...factsOf(plain, now).sort((a, b) => a.at.getTime() - b.at.getTime()))
      const left = [...factsOf(mixed, now), ...factsOf(mixed, now)]
      while (left.length > 0) {
        const some = Array.from({ length: 1 + dice(4) }, () => left.splice(dice(left.length || 1), 1)).flat()
        if (dice(3) === 0) {
          const died = await tellDying(some, 1 + dice(5), dice(2) === 0 ? 'before' : 'after', dice(2) === 0)
          deaths += died ? 1 : 0
        } else {
          await (dice(2) === 0 ? engine.facts.append(some) : engine.profile.take(some))
          if (dice(3) === 0) engine.nudged.splice(0)
          else await engine.drain()
        }
      }
      for (const days of [0, 3, 20, 60]) {
        clock.advance(days * day + 30_000)
        await engine.sweep()
        await engine.sweep()
        expect(await stands(mixed)).toEqual(await stands(plain))
        await followsFromWhatWasTold(mixed)
        await followsFromWhatWasTold(plain)
      }
    }),
    { numRuns: 25, endOnFailure: true },
  )
  expect(deaths).toBeGreaterThan(5)
}, 60_000)
