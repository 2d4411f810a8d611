import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { profileOf } from '../../../server/profile/read.ts'
import { handlersOf, type EventName, type EventRecord } from '@zhiyin/shared/events'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const day = 86_400_000
const mongo = useMongo()
const tags = new Map([
  ['tag_1', { id: 'tag_1', name: '门店', group: '渠道', wecomId: 'et1' }],
  ['tag_2', { id: 'tag_2', name: '会员', group: '身份', wecomId: 'et2' }],
])
const channel = { id: 'chn_1', name: '七号店', tagIds: ['tag_1'] }

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let wecom: Map<string, Parameters<ReturnType<typeof customerEngine>['profile']['saveContactSnapshot']>[0]>
let wanted: unknown[]
/** What else happens while WeCom's answer is on its way. */
let meanwhile: () => Promise<void>
let serial = 0

const make = (): void => {
  clock = movableClock()
  wecom = new Map()
  wanted = []
  meanwhile = async () => undefined
  engine = customerEngine(mongo.get(), clock, {
    getCustomer: async (id) => {
      const answer = wecom.get(id) ?? null
      const happens = meanwhile
      meanwhile = async () => undefined
      await happens()
      return answer
    },
    channelByState: async (state) => (state === 'store_07' ? channel : null),
    tagNames: async () => tags,
    tagsByWecomId: async () => new Map([...tags.values()].map((tag) => [tag.wecomId, tag])),
    wantTag: async (want) => {
      wanted.push(want)
    },
  })
}

beforeAll(async () => {
  make()
  await mongo.indexes()
})
beforeEach(make)

const record = <N extends EventName>(event: N, fields: EventRecord<N>['fields'], createTime = clock.date()) => ({
  id: `inb_${++serial}`,
  key: `${event}:${JSON.stringify(fields)}:${createTime.getTime()}`,
  event,
  fields,
  createTime,
  receivedAt: clock.date(),
})

/** Gives a callback to the profile's handler and does everything that follows. */
const receive = async <N extends EventName>(made: ReturnType<typeof record<N>>): Promise<void> => {
  const [handler] = handlersOf(engine.profile.handlers)[made.event] ?? []
  await handler?.run(made)
  await engine.drain()
}

const detail = (
  externalUserId: string,
  follow: { userid?: string; tagIds?: string[]; remark?: string; at?: Date } = {},
) => ({
  contact: { externalUserId, name: '王小明', type: 1, gender: 1, unionid: `un_${externalUserId}` },
  follows: [
    {
      userid: follow.userid ?? 'lina',
      createdAt: follow.at ?? clock.date(),
      addWay: 1,
      state: 'store_07',
      tagIds: follow.tagIds ?? [],
      mobiles: ['138 0013 8000'],
      ...(follow.remark === undefined ? {} : { remark: follow.remark }),
    },
  ],
})
const customer = async (externalUserId: string) => {
  const view = await engine.read.byExternal(externalUserId)
  if (view === null) throw new Error(`no customer ${externalUserId}`)
  const doc = await engine.read.whole(view.id)
  if (doc === null) throw new Error('gone')
  return { view, doc, facts: (await engine.timeline.timeline(view.id, { limit: 100 })).items }
}
const person = (): string => `wmContact${++serial}`
const pair = (externalUserId: string) => ({ userid: 'lina', externalUserId })

describe('contact events', () => {
  it('makes a customer of an add: name, channel, its tags here and in WeCom, stage new', async () => {
    const id = person()
    wecom.set(id, detail(id))
    const add = record('change_external_contact.add_external_contact', {
      ...pair(id),
      state: 'store_07',
      welcomeCode: 'W',
    })
    await receive(add)
    await receive(add)
    await receive(add)
    const { view, doc, facts } = await customer(id)
    expect(view).toMatchObject({ name: '王小明', stage: { stage: 'new' }, tier: { tier: 'C' }, tagIds: ['tag_1'] })
    expect(view.follows).toMatchObject([{ userid: 'lina', state: 'following', channelId: 'chn_1' }])
    expect(doc.phones).toEqual(['13800138000'])
    expect(facts.map(({ type }) => type).sort()).toEqual([
      'contact.added',
      'stage.entered',
      'tag.added',
      'tier.changed',
    ])
    expect(facts.find(({ type }) => type === 'tag.added')?.payload).toMatchObject({
      because: [{ code: 'tag.by_channel', params: { channel: '七号店' } }],
    })
    expect(new Set(wanted.map((want) => JSON.stringify(want)))).toHaveLength(1)
    expect(wanted[0]).toMatchObject({ userid: 'lina', externalUserId: id, add: ['tag_1'], remove: [] })
  })

  it('ends the same in any order of callbacks', async () => {
    const states = []
    for (const reverse of [false, true]) {
      const id = person()
      const at = (seconds: number): Date => new Date(clock.now() + seconds * 1000)
      const events = [
        record('change_external_contact.add_external_contact', pair(id), at(0)),
        record('change_external_contact.del_follow_user', pair(id), at(60)),
        record('customer_acquisition.del_follow_user', pair(id), at(60)),
        record('change_external_contact.add_external_contact', pair(id), at(120)),
        record('change_external_contact.del_external_contact', pair(id), at(180)),
      ]
      clock.advance(200_000)
      for (const event of reverse ? [...events].reverse() : events) await receive(event)
      const { view, facts } = await customer(id)
      states.push({
        follows: view.follows.map(({ state, since }) => [state, since.getTime() - clock.now()]),
        stage: view.stage.stage,
        facts: facts
          .filter(({ source }) => source === 'wecom')
          .map(({ type, at }) => [type, at.getTime() - clock.now()]),
      })
    }
    expect(states[0]).toEqual(states[1])
    expect(states[0]?.follows).toEqual([['deleted_by_rep', -20_000]])
    expect(states[0]?.facts).toHaveLength(4)
  })

  it('is lost when the customer deletes every rep, not when a rep is deleted by a transfer', async () => {
    const id = person()
    await receive(record('change_external_contact.add_external_contact', pair(id)))
    clock.advance(1000)
    await receive(record('change_external_contact.del_external_contact', { ...pair(id), source: 'DELETE_BY_TRANSFER' }))
    expect((await customer(id)).view.stage.stage).toBe('new')
    clock.advance(1000)
    await receive(record('change_external_contact.add_external_contact', { ...pair(id), userid: 'wang' }))
    clock.advance(1000)
    await receive(record('change_external_contact.del_follow_user', { ...pair(id), userid: 'wang' }))
    const { view, doc } = await customer(id)
    expect(view.stage).toMatchObject({ stage: 'lost', because: [{ code: 'stage.lost_deleted' }] })
    expect(doc.heldBy).toEqual(['wang'])
  })

  it('a half contact is told apart until the rep adds them back; a later half add undoes nothing', async () => {
    const id = person()
    const halfOf = async () => {
      const { doc } = await customer(id)
      return profileOf(doc, { members: new Map(), tags: new Map() }, await engine.definitions.get(), clock.date())
        .follows
    }
    await receive(record('change_external_contact.add_half_external_contact', pair(id)))
    expect(await halfOf()).toMatchObject([{ state: 'following', half: true, sends: true }])
    clock.advance(60_000)
    await receive(record('change_external_contact.add_external_contact', pair(id)))
    expect(await halfOf()).toMatchObject([{ state: 'following', half: false }])
    clock.advance(1000)
    await receive(record('change_external_contact.add_half_external_contact', pair(id)))
    expect(await halfOf()).toMatchObject([{ half: false }])
    clock.advance(1000)
    await receive(record('change_external_contact.del_external_contact', pair(id)))
    clock.advance(1000)
    await receive(record('change_external_contact.add_half_external_contact', pair(id)))
    expect(await halfOf()).toMatchObject([{ state: 'following', half: true }])
    // The add by both sides whose callback was lost is found in WeCom's list.
    clock.advance(60_000)
    await engine.told(detail(id), clock.date())
    await engine.drain()
    expect(await halfOf()).toMatchObject([{ half: false }])
  })

  it.each(['the sweep looks', 'somebody opens a link'])(
    'what WeCom says anew of a person can be asked for once %s',
    async (how) => {
      const id = person()
      wecom.set(id, detail(id))
      await receive(record('change_external_contact.add_external_contact', pair(id)))
      const genderOf = (view: { attrs: readonly { k: string; v: unknown }[] }) =>
        view.attrs.find(({ k }) => k === 'gender')?.v
      const { view } = await customer(id)
      expect(genderOf(view)).toBe('male')
      clock.advance(60_000)
      const known = detail(id)
      await engine.told({ ...known, contact: { ...known.contact, gender: 2 } }, clock.date())
      await engine.drain()
      if (how === 'the sweep looks') await engine.sweep()
      else
        await engine.tell({
          ...{ id: `opened:${id}`, customerId: view.id, at: clock.date(), source: 'ingest', type: 'link.opened' },
          payload: { linkId: 'l1', url: 'https://shop.example/' },
        })
      expect(genderOf((await customer(id)).view)).toBe('female')
    },
  )

  it('a hand-over made in WeCom’s console is told as one: no loss, no interaction, the failed one with its reason', async () => {
    const id = person()
    await receive(record('change_external_contact.add_external_contact', pair(id)))
    clock.advance(40 * day)
    await engine.sweep()
    const before = (await customer(id)).view.lastSeenAt
    const { contact } = detail(id)
    const follow = { userid: 'wang', createdAt: clock.date(), addWay: 202, tagIds: [], mobiles: [] }
    wecom.set(id, { contact, follows: [follow] })
    await receive(record('change_external_contact.del_external_contact', { ...pair(id), source: 'DELETE_BY_TRANSFER' }))
    await receive(record('change_external_contact.add_external_contact', { userid: 'wang', externalUserId: id }))
    const { view, doc, facts } = await customer(id)
    expect(view.lastSeenAt).toEqual(before)
    expect(view.stage.stage).not.toBe('lost')
    expect(doc.heldBy).toEqual(['wang'])
    const shown = profileOf(doc, { members: new Map(), tags: new Map() }, await engine.definitions.get(), clock.date())
    expect(shown.follows).toMatchObject([
      { userid: 'wang', state: 'following', sends: true },
      { userid: 'lina', state: 'handed_over', sends: false },
    ])
    expect(
      facts.find(({ type, payload }) => type === 'contact.added' && payload.userid === 'wang')?.payload,
    ).toMatchObject({
      transfer: true,
    })
    const failed = record('change_external_contact.transfer_fail', { ...pair(id), failReason: 'customer_limit_exceed' })
    await receive(failed)
    await receive(failed)
    expect((await customer(id)).facts.filter(({ type }) => type === 'contact.transfer_failed')).toMatchObject([
      { payload: { userid: 'lina', reason: 'customer_limit_exceed' } },
    ])
  })

  it('takes tags set and taken off in WeCom over, once', async () => {
    const id = person()
    const at = clock.date()
    wecom.set(id, detail(id))
    await receive(record('change_external_contact.add_external_contact', pair(id)))
    for (const [tagIds, expected] of [
      [['et2'], ['tag_1', 'tag_2']],
      [
        ['et2', 'et1'],
        ['tag_1', 'tag_2'],
      ],
      [['et1'], ['tag_1']],
      [[], []],
    ] as const) {
      clock.advance(1000)
      wecom.set(id, detail(id, { tagIds: [...tagIds], remark: '老客', at }))
      await receive(record('change_external_contact.edit_external_contact', pair(id)))
      expect((await customer(id)).view.tagIds).toEqual(expected)
    }
    const { facts, doc } = await customer(id)
    expect(facts.filter(({ type }) => type.startsWith('tag.'))).toHaveLength(4)
    expect(doc.search).toEqual(['王小明', '老客'])
  })

  it('knows a pair the sync finds as the one a callback tells of, and keeps the later fetch', async () => {
    const id = person()
    const one = detail(id)
    const [follow] = one.follows
    if (follow === undefined) throw new Error('no follow')
    const pairOf = { contact: one.contact, follow }
    await engine.profile.saveContactPair(pairOf, clock.date())
    await engine.drain()
    wecom.set(id, one)
    await receive(record('change_external_contact.add_external_contact', { ...pair(id), state: 'store_07' }))
    await engine.profile.saveContactPair(pairOf, new Date(clock.now() + 1))
    await engine.profile.saveContactPair(
      { contact: { ...one.contact, name: '旧名' }, follow },
      new Date(clock.now() - day),
    )
    await engine.drain()
    const { view, facts } = await customer(id)
    expect(facts.filter(({ type }) => type === 'contact.added')).toHaveLength(1)
    expect(view.name).toBe('王小明')
  })

  it('an answer that was on its way while its tag was marked does not take the tag off again', async () => {
    const id = person()
    wecom.set(id, detail(id))
    await receive(record('change_external_contact.add_external_contact', { ...pair(id), state: 'store_07' }))
    meanwhile = async () => {
      clock.advance(100)
      wecom.set(id, detail(id, { tagIds: ['et1'], remark: '老客' }))
      await engine.profile.marked({ ...pair(id), add: ['et1'], remove: [] })
    }
    await receive(record('change_external_contact.edit_external_contact', pair(id)))
    const { view, doc, facts } = await customer(id)
    expect(view.tagIds).toEqual(['tag_1'])
    expect(doc.contact?.follows).toMatchObject([{ tagIds: ['et1'], remark: '老客' }])
    expect(facts.filter(({ type }) => type === 'tag.removed')).toEqual([])
  })

  it('of two answers that cross, WeCom is asked again for what stands now', async () => {
    const id = person()
    wecom.set(id, detail(id, { tagIds: ['et2'] }))
    await receive(record('change_external_contact.edit_external_contact', pair(id)))
    wecom.set(id, detail(id))
    meanwhile = async () => {
      clock.advance(100)
      wecom.set(id, detail(id, { tagIds: ['et2'] }))
      await receive(record('change_external_contact.edit_external_contact', pair(id)))
      wecom.set(id, detail(id, { tagIds: ['et2'], remark: '老客' }))
    }
    await receive(record('change_external_contact.edit_external_contact', pair(id)))
    const { view, doc, facts } = await customer(id)
    expect(view.tagIds).toEqual(['tag_2'])
    expect(doc.contact?.follows).toMatchObject([{ tagIds: ['et2'], remark: '老客' }])
    expect(facts.filter(({ type }) => type === 'tag.removed')).toEqual([])
  })

  it('says so when what the walk read was overtaken by another word', async () => {
    const id = person()
    const one = detail(id)
    const [follow] = one.follows
    if (follow === undefined) throw new Error('no follow')
    const askedAt = clock.date()
    clock.advance(1000)
    wecom.set(id, detail(id, { remark: '老客' }))
    await receive(record('change_external_contact.edit_external_contact', pair(id)))
    expect(await engine.profile.saveContactPair({ contact: one.contact, follow }, askedAt)).toBe('crossed')
    expect((await customer(id)).doc.contact?.follows).toMatchObject([{ remark: '老客' }])
  })

  it('begins a customer found by the sync where time has brought them, without telling of the past', async () => {
    const id = person()
    await engine.told(detail(id, { at: new Date(clock.now() - 400 * day) }), clock.date())
    await engine.drain()
    const { view, facts } = await customer(id)
    expect(view.stage.stage).toBe('lost')
    expect(facts.filter(({ type }) => type === 'stage.entered').map(({ at }) => at)).toEqual([clock.date()])
  })

  it('counts an answer, and leaves out one without a customer', async () => {
    const id = person()
    await receive(record('change_external_contact.add_external_contact', pair(id)))
    clock.advance(40 * day)
    await receive(record('customer_acquisition.customer_start_chat', { ...pair(id), linkId: 'l1' }))
    await receive(record('customer_acquisition.message_from_customer', { chatKey: 'k' }))
    const { view } = await customer(id)
    expect(view.stage).toMatchObject({ stage: 'active', because: [{ code: 'stage.in_touch' }] })
  })
})

describe('identities', () => {
  const ask = (...parts: [kind: 'user_id' | 'phone' | 'external_userid' | 'anonymous_id', value: string][]) =>
    engine.profile.ensureCustomer(parts.map(([kind, value]) => ({ kind, value })))

  it('creates one customer however many ask at once', async () => {
    const id = person()
    const found = await Promise.all(Array.from({ length: 12 }, () => ask(['user_id', id], ['phone', `${id}p`])))
    expect(new Set(found).size).toBe(1)
  })

  it('links what is unknown beside what is known, and makes one of two by the phone they share', async () => {
    const [a, b, phone] = [person(), person(), person()]
    const first = await ask(['user_id', a])
    expect(await ask(['user_id', a], ['phone', phone])).toBe(first)
    expect(await ask(['phone', phone])).toBe(first)
    const second = await ask(['external_userid', b])
    expect(await ask(['external_userid', b], ['phone', phone])).toBe(second)
    expect(await ask(['phone', phone])).toBe(second)
    expect(await ask(['user_id', a])).toBe(second)
  })

  it('gives a second account on one device a customer of its own', async () => {
    const [device, a, b] = [person(), person(), person()]
    const guest = await ask(['anonymous_id', device])
    expect(await ask(['anonymous_id', device], ['user_id', a])).toBe(guest)
    expect(await ask(['anonymous_id', device], ['user_id', b])).not.toBe(guest)
  })
})
