import * as fc from 'fast-check'
import mongoose from 'mongoose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import { placeAt } from '../../../server/profile/place/place-at.ts'
import { personOf } from '../../../server/profile/place/person.ts'
import { storedPlace } from '../../../server/profile/place/stored.ts'
import type { Identity, IdentityKind } from '../../../server/profile/read.ts'
import { applyFacts } from '../../../server/profile/state/apply.ts'
import { emptyState } from '../../../server/profile/state/state.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { lifeOf, worldDefinitions } from '../../support/random-lives.ts'

const mongo = useMongo()
let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let serial = 0

beforeAll(async () => {
  customerEngine(mongo.get(), movableClock())
  await mongo.indexes()
})
beforeEach(() => {
  clock = movableClock()
  engine = customerEngine(mongo.get(), clock, {}, async () => worldDefinitions)
})

type Key = readonly [kind: IdentityKind, value: string]
const fresh = (kind: IdentityKind): Key => [kind, `${kind}-${++serial}`]
const named = (keys: readonly Key[]): Identity[] => keys.map(([kind, value]) => ({ kind, value }))
const who = (...keys: Key[]): Promise<string> => engine.profile.ensureCustomer(named(keys))
/** Appends what systems tell of whoever has these. */
const append = async (keys: readonly Key[], facts: readonly NewFact[]): Promise<void> => {
  const [customerId = ''] = await engine.profile.ensureParts([named(keys)])
  await engine.facts.append(facts.map((fact) => ({ ...fact, customerId })))
}
const say = async (keys: readonly Key[], ...facts: NewFact[]): Promise<void> => {
  await append(keys, facts)
  await engine.drain()
}
const ordered = (amount: number): NewFact => ({
  id: `order:${++serial}`,
  customerId: '',
  type: 'order.completed',
  at: clock.date(),
  source: 'ingest',
  payload: { orderId: `o${serial}`, amount, currency: 'CNY', products: [] },
})
const doc = async (id: string) => {
  const found = await engine.read.whole(id)
  if (found === null) throw new Error(`no customer ${id}`)
  return found
}
const spendOf = async (id: string): Promise<number> => (await doc(id)).spend
const mergesOf = (id: string) =>
  mongo
    .get()
    .connection.collection<{ _id: string; into: string; from: string; state: string; because: object[] }>('merges')
    .find({ $or: [{ into: id }, { from: id }] })
    .toArray()
const by = { by: 'wang', note: '' }

describe('customers who turn out to be one', () => {
  it('takes in what a guest did once they log in, with the whole trace', async () => {
    const [device, account, phone] = [fresh('anonymous_id'), fresh('user_id'), fresh('phone')]
    await say([account, phone], ordered(9_900))
    const known = await who(account)
    const guest = await who(device)
    await say([device], ordered(500))
    expect(await spendOf(guest)).toBe(500)

    await say([account, device], ordered(100))
    expect(await spendOf(known)).toBe(10_500)
    expect(await who(device)).toBe(known)
    expect(await mergesOf(known)).toMatchObject([
      {
        into: known,
        from: guest,
        state: 'joined',
        by: null,
        identities: [account.join(':'), device.join(':')],
        because: [{ code: 'merge.met', params: { kind: 'user_id', other: 'anonymous_id' } }],
      },
    ])
    // Links to who is gone lead to who stays.
    expect((await engine.read.view(guest))?.id).toBe(known)
    expect((await engine.read.whole(guest))?._id).toBe(known)
  })

  it('asks a person of two accounts of a kind, once, and follows the answer', async () => {
    const [a, b, phone] = [fresh('user_id'), fresh('user_id'), fresh('phone')]
    const first = await who(a, phone)
    const second = await who(b, phone)
    expect(second).not.toBe(first)
    await who(b, phone)
    const open = () =>
      mongo.get().connection.collection('identityConflicts').find({ customerIds: first, state: 'open' }).toArray()
    expect(await open()).toMatchObject([{ identities: [phone.join(':')] }])
    await engine.profile.identities.different([first, second], by)
    await who(b, phone)
    expect(await open()).toEqual([])
    const merged = await engine.profile.identities.merge({ keep: first, other: second, ...by })
    expect(merged).toMatchObject({ into: first, from: second })
    expect(await who(b)).toBe(first)
  })

  it('asks a person of a phone that a rep noted and somebody else gave, whichever came first', async () => {
    const detail = (externalUserId: string, mobile: string) => ({
      contact: { externalUserId, name: '王小明', type: 1, gender: 1 },
      follows: [{ userid: 'lina', createdAt: clock.date(), tagIds: [], mobiles: [mobile] }],
    })
    const open = (id: string) =>
      mongo.get().connection.collection('identityConflicts').find({ customerIds: id, state: 'open' }).toArray()
    const [first, then] = ['13800138001', '13800138002'] as const
    const buyer = await who(fresh('user_id'), ['phone', first])
    const contact = await engine.told(detail('wmNoted1', first), clock.date())
    expect(await open(buyer)).toMatchObject([{ customerIds: [buyer, contact].sort() }])
    const other = await engine.told(detail('wmNoted2', then), clock.date())
    await engine.drain()
    const later = await who(fresh('user_id'), ['phone', then])
    expect(await open(later)).toMatchObject([{ customerIds: [later, other].sort(), identities: [`phone:${then}`] }])
  })

  it('never makes one of two whom WeCom knows, nor WeCom’s customer part of another', async () => {
    const [one, two, shop] = [fresh('external_userid'), fresh('external_userid'), fresh('crm_id')]
    const [first, second, third] = [await who(one), await who(two), await who(shop)]
    const { merge } = engine.profile.identities
    await expect(merge({ keep: first, other: second, ...by })).rejects.toMatchObject({ code: 'merge.two_in_wecom' })
    await expect(merge({ keep: third, other: first, ...by })).rejects.toMatchObject({ code: 'merge.keep_wecom' })
    await merge({ keep: first, other: third, ...by })
    await expect(merge({ keep: third, other: first, ...by })).rejects.toMatchObject({ code: 'merge.same' })
  })

  it('parts them again, with what came since through each, and never makes them one again', async () => {
    const [shop, wecom, phone] = [fresh('user_id'), fresh('external_userid'), fresh('phone')]
    await say([shop, phone], ordered(9_900))
    const buyer = await who(shop)
    await say([wecom], { ...ordered(1), type: 'contact.added', source: 'wecom', payload: { userid: 'lina' } })
    const contact = await who(wecom)
    await say([wecom, phone])
    expect(await spendOf(contact)).toBe(9_900)
    await say([shop], ordered(200))
    expect(await spendOf(contact)).toBe(10_100)

    const [merge] = await mergesOf(contact)
    await engine.profile.identities.part(merge?._id ?? '', by)
    expect(await spendOf(buyer)).toBe(10_100)
    expect(await doc(contact)).toMatchObject({ spend: 0, orders: 0, heldBy: ['lina'] })
    expect(await doc(buyer)).toMatchObject({ heldBy: [], externalUserId: null })
    await say([wecom, phone], ordered(50))
    expect([await spendOf(contact), await who(shop), await who(phone)]).toEqual([50, buyer, buyer])
    await expect(engine.profile.identities.part(merge?._id ?? '', by)).rejects.toMatchObject({ code: 'merge.state' })
  })

  it('sends on what was under way to who became part of another, or parted', async () => {
    const [device, account] = [fresh('anonymous_id'), fresh('user_id')]
    const [guest, known] = [await who(device), await who(account)]
    await append([device], [ordered(300)])
    const late = ordered(40)
    await who(account, device)
    await engine.facts.append([{ ...late, customerId: guest }])
    await engine.drain()
    expect(await spendOf(known)).toBe(340)
    const [merge] = await mergesOf(known)
    await append([device], [ordered(7)])
    await engine.profile.identities.part(merge?._id ?? '', by)
    await engine.drain()
    expect([await spendOf(known), await spendOf(guest)]).toEqual([0, 347])
  })

  it('goes on after a crash, by the sweep', async () => {
    const [device, account] = [fresh('anonymous_id'), fresh('user_id')]
    const [, known] = [await who(device), await who(account)]
    await say([device], ordered(300))
    await who(account, device)
    engine.nudged.length = 0
    expect(await spendOf(known)).toBe(0)
    clock.advance(60_000)
    await engine.sweep()
    expect(await spendOf(known)).toBe(300)
    expect(await mergesOf(known)).toMatchObject([{ state: 'joined' }])
  })

  it('costs one look-up and no write where everybody is known', async () => {
    const [device, account] = [fresh('anonymous_id'), fresh('user_id')]
    await who(account, device)
    const connection = await mongoose
      .createConnection(mongo.url(), { monitorCommands: true, autoCreate: false, autoIndex: false })
      .asPromise()
    const watched = customerEngine({ ...mongo.get(), connection }, clock)
    const commands: string[] = []
    connection.getClient().on('commandStarted', ({ commandName }) => void commands.push(commandName))
    await watched.profile.ensureCustomer(named([account, device]))
    await connection.close()
    expect(commands.filter((name) => name !== 'endSessions')).toEqual(['find'])
  })
})

describe('any two lives, in any order', () => {
  const now = new Date('2026-06-01T00:00:00Z')
  const told = fc
    .tuple(lifeOf('one', now), lifeOf('two', now))
    .map((lives) => lives.map((facts) => facts.filter(({ at }) => at <= now)))
    .chain(([one = [], two = []]) =>
      fc.tuple(
        fc.shuffledSubarray([...one, ...two], { minLength: one.length + two.length }),
        fc.nat(one.length + two.length),
        fc.boolean(),
      ),
    )

  /** What a customer is once only these things have happened to them. */
  const expected = async (facts: readonly Fact[], id: string) => {
    const definitions = await engine.definitions.get()
    const state = applyFacts(emptyState, facts, definitions.attributes)
    const person = personOf(state, null, definitions)
    const place = storedPlace(placeAt(person, definitions, clock.date(), null), person, clock.date())
    return { state, ...standing({ ...(await doc(id)), ...place }) }
  }
  const standing = ({ stage, levels, tagIds, segments, groupIds, attrs, did }: Awaited<ReturnType<typeof doc>>) => ({
    stage: stage.stage,
    levels: levels.map(({ scheme, level, rfm }) => ({ scheme, level, rfm })),
    tagIds: [...tagIds].sort(),
    segments: segments.map(({ id }) => id).sort(),
    groupIds,
    attrs,
    did,
  })
  const actual = async (id: string) => {
    const found = await doc(id)
    return { state: found.state, ...standing(found) }
  }

  it('merged are one who did it all; parted are two who never met', async () => {
    await fc.assert(
      fc.asyncProperty(told, async ([facts, meetAt, crash]) => {
        clock.set(now)
        const round = ++serial
        const [mine, theirs]: Key[] = [
          ['user_id', `life-${round}`],
          ['anonymous_id', `life-${round}`],
        ]
        if (mine === undefined || theirs === undefined) return
        const [one, two] = [await who(mine), await who(theirs)]
        const own = facts.map((fact): NewFact => ({ ...fact, id: `${round}:${fact.id}` }))
        const isMine = ({ id }: NewFact): boolean => id.includes(':one:')
        const all = own.map((fact): Fact => ({ ...fact, seenAt: now }))
        for (const [i, fact] of own.entries()) {
          if (i === meetAt) {
            await who(mine, theirs)
            // The job is lost with the process; the sweep finds the merge.
            if (crash) engine.nudged.length = 0
          }
          await append([isMine(fact) ? mine : theirs], [fact])
          if (i % 3 === 0) await engine.drain()
        }
        await who(mine, theirs)
        await engine.drain()
        clock.advance(60_000)
        await engine.sweep()
        expect(await actual(one)).toEqual(await expected(all, one))

        const [merge] = await mergesOf(one)
        await engine.profile.identities.part(merge?._id ?? '', by)
        await engine.drain()
        expect(await actual(one)).toEqual(await expected(all.filter(isMine), one))
        expect(await actual(two)).toEqual(
          await expected(
            all.filter((fact) => !isMine(fact)),
            two,
          ),
        )
        expect([await who(mine), await who(theirs)]).toEqual([one, two])
      }),
      { numRuns: 10 },
    )
  }, 60_000)
})
