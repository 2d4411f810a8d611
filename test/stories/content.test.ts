import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { ContentInput } from '@zhiyin/shared/content'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, type Company } from '../support/company.ts'
import { confirmAll, heldBy, massesOf, type Person } from '../support/held.ts'
import { startHolding, type Holding } from '../support/holding.ts'
import { managing } from '../support/manager.ts'
import { useMongo } from '../support/mongo.ts'
import { callAs } from '../support/signed-in.ts'
import { days, hours, startWorld, type World } from '../support/world.ts'

const massPath = '/cgi-bin/externalcontact/add_msg_template'
const shop = 'https://shop.example/coupon'
const Cards = z.object({
  attachments: z.array(z.object({ link: z.object({ title: z.string(), desc: z.string().optional() }) })).optional(),
})
type Content = z.input<typeof ContentInput>

const mongo = useMongo()

/** What customers and reps get of what managers write: words, coupon codes, links and talk tracks. */
describe('contents reach whom they are written for', () => {
  let database: Holding
  let world: World
  let company: Company
  let manager: ReturnType<typeof managing>
  /** Three orders of much, then silent; as long silent without an order, one of them on a list; come this morning. */
  let vip: Person, neighbour: Person, quiet: Person
  let fresh: Person[] = []

  beforeAll(async () => {
    database = await startHolding(mongo.url())
    world = await startWorld({ mongoUrl: database.url })
    manager = managing(world)
    company = await foundCompany(world)
    await world.wecom(admin.company.saveMember, { body: { userid: 'wangmin', name: '王敏', leader: true } })
    await world.wecom(admin.company.saveMember, { body: { userid: 'zhou', name: '周总' } })
    await world.wecom(admin.company.saveMember, { body: { userid: 'wangwei', name: '王伟' } })
    const longAgo = (await world.now()) - days(60)
    const [one, two, three] = await heldBy(world, company, 'lina', 3, longAgo)
    if (one === undefined || two === undefined || three === undefined) throw new Error('too few customers')
    ;[vip, neighbour, quiet] = [one, two, three]
    fresh = await heldBy(world, company, 'lina', 13)
    await world.call(api.members.setRole, { params: { id: 'zhou' }, body: { role: 'manager' } })
    for (const at of ['2026-04-14', '2026-04-17', '2026-04-20'])
      await company.order(vip.externalUserId, `order-${at}`, 1000, Date.parse(`${at}T04:00:00Z`))
    await world.drain()
  })
  afterAll(async () => {
    await world.close()
    await database.close()
  })

  const nameOf = async ({ externalUserId }: Person): Promise<string> => (await company.profile(externalUserId)).name
  /** A rule that is on and sends a content to whom people put into it. */
  const sends = (name: string, contentId: string): Promise<string> =>
    manager.begin({
      ...{ name, trigger: { type: 'manual' } },
      steps: [{ id: 'say', type: 'send', channel: 'mass', contentId }],
    })
  const write = async (body: Content): Promise<string> => (await world.call(api.contents.create, { body })).id
  const because = async (ruleId: string, person: Person) => (await manager.sendOf(ruleId, person))?.because
  /** The titles and lines of the cards of the only mass message they have received. */
  const cardsOf = async ({ externalUserId }: Person): Promise<(string | undefined)[][]> => {
    const [got] = await world.ledger({ to: externalUserId, via: 'mass' })
    return (Cards.parse(got?.content).attachments ?? []).map(({ link: { title, desc } }) => [title, desc])
  }

  it('one content says to each what fits their tier, stage or segment, with their own figures, and what to say of those it knows nothing of', async () => {
    await world.call(api.attributes.create, {
      body: { key: 'likes', name: '喜欢', layer: 'interests', type: 'list' },
    })
    await world.call(api.attributes.create, {
      body: { key: 'budget', name: '预算', layer: 'consumption', type: 'money' },
    })
    const list = await world.call(api.segments.create, { body: { kind: 'list', name: '老街坊' } })
    await world.call(api.segments.put, { params: { id: list.id }, body: { who: [neighbour.id] } })
    const correct = (key: string, value: number | string[]) =>
      world.call(api.attributes.correct, { params: { id: neighbour.id, key }, body: { value } })
    await correct('likes', ['面膜', '精华'])
    await correct('budget', 26_000)
    // Every process knows a new attribute within two seconds.
    await world.advance(3000)

    const likes = '{{ customer.likes | default: "新品" }}到店，{{ customer.budget | default: "百元" }}起'
    const contentId = await write({
      name: '六月上新',
      body: { text: `${likes}{{ last_product }}` },
      variants: [
        {
          when: { tiers: ['A'], stages: ['silent'] },
          body: {
            text: '{{ customer.name }}，{{ customer.last_order_at | default: "上次" }}后{{ days_silent }}天没见，累计{{ spend }}',
            attachments: [
              { type: 'link', title: '{{ customer.name }}专享', desc: '{{ rep.name }}留', url: `${shop}/vip` },
            ],
          },
        },
        {
          when: { segmentIds: [list.id] },
          body: { text: likes, attachments: [{ type: 'link', title: '街坊价', url: `${shop}/near` }] },
        },
        { when: { stages: ['new'] }, body: { text: '{{ customer.name }}，第一次来，{{ rep.name }}送您试用装' } },
      ],
    })
    const newcomer = fresh.splice(0, 1)
    const who = [vip, neighbour, quiet, ...newcomer]
    const ruleId = await sends('六月上新', contentId)
    await manager.enter(ruleId, who)
    await manager.confirmed()
    const [vipName = '', newName = ''] = await Promise.all([vip, ...newcomer].map(nameOf))
    expect(await massesOf(world, who)).toEqual([
      [`${vipName}，4月20日后41天没见，累计¥3,000`],
      ['面膜、精华到店，¥260起'],
      ['新品到店，百元起'],
      [`${newName}，第一次来，李娜送您试用装`],
    ])
    expect(await Promise.all(who.map(cardsOf))).toEqual([
      [[`${vipName}专享`, '李娜留']],
      [['街坊价', undefined]],
      [],
      [],
    ])
    const sent = await Promise.all(who.map((person) => manager.sendOf(ruleId, person)))
    expect(sent.map((send) => send?.content?.variant)).toEqual(['A+silent', list.id, 'default', 'new'])
  })

  it('a change that waits for approval is not sent, what was approved is; what expires overnight is held back and says so', async () => {
    const [wang, zhou] = await Promise.all([callAs(world, 'wangmin'), callAs(world, 'zhou')])
    const [morning, night] = fresh.splice(0, 2)
    if (morning === undefined || night === undefined) throw new Error('too few customers')
    const { id } = await wang(api.contents.create, { body: { name: '到货', body: { text: '到货了' } } })
    await zhou(api.contents.approve, { params: { id }, body: { version: 1 } })
    await world.call(api.contents.configure, { body: { approval: true } })
    const changed = { name: '到货', body: { text: '到货了，全场五折' } }
    expect(await wang(api.contents.update, { params: { id }, body: changed })).toMatchObject({ state: 'waiting' })
    await world.advance(2000)
    await manager.enter(await sends('到货', id), [morning])
    await manager.confirmed()
    expect(await massesOf(world, [morning])).toEqual([['到货了']])
    await world.call(api.contents.configure, { body: { approval: false } })

    await manager.toTime('22:00')
    const expiresAt = new Date((await world.now()) + hours(8)).toISOString()
    const late = await sends('今夜', await write({ name: '今夜特价', body: { text: '今夜特价' }, expiresAt }))
    await manager.enter(late, [night])
    expect(await because(late, night)).toMatchObject([{ code: 'block.quiet_hours' }])
    await manager.toTime('09:30')
    const held = await manager.sendOf(late, night)
    expect(held?.because).toMatchObject([{ code: 'block.content_expired', params: { content: '今夜特价' } }])
    expect(held?.state).toBe('blocked')
    await manager.confirmed()
    expect(await massesOf(world, [night])).toEqual([[]])
  })

  it('each message has a coupon code of its own, the same after kill -9 and a lost answer; where none is left the send is held back', async () => {
    const batch = await world.call(api.coupons.create, { body: { name: '六月券', value: '满 100 减 20' } })
    const add = (codes: string) =>
      world.call(api.coupons.addCodes, { params: { id: batch.id }, file: new TextEncoder().encode(codes) })
    const left = async () => (await world.call(api.coupons.list)).items.find(({ id }) => id === batch.id)?.left ?? 0
    await add('券码\nJUNE-1\nJUNE-2\nJUNE-3\nJUNE-4\nJUNE-5')
    const body = { text: `您的券 {{ coupon.code }}（{{ coupon.value }}），去用 ${shop}` }
    const ruleId = await sends('六月券', await write({ name: '六月券', body, couponId: batch.id }))
    const lucky = fresh.splice(0, 4)
    const { worker } = world.stack.processes

    // The worker dies with the codes taken and the sends not yet kept; of the calls that follow the answer to one is lost.
    const kept = database.holdNext(/^(insert|update) intents$/)
    await manager.put(ruleId, lucky)
    await kept
    expect(await left()).toBeLessThan(5)
    await worker?.stop('SIGKILL')
    await world.wecom(admin.faults.add, { body: { path: massPath, kind: 'cut_after', times: 1 } })
    await worker?.start()
    for (let times = 0; times < 3; times += 1) await world.settle(61_000)
    expect(await world.wecom(admin.faults.list)).toEqual([])
    await manager.confirmed()
    const got = await massesOf(world, lucky)
    expect(got.map((texts) => texts.length)).toEqual([1, 1, 1, 1])
    const codes = got.flat().map((text) => /^您的券 (JUNE-\d)（满 100 减 20），去用 http/.exec(text)?.[1])
    expect(codes.toSorted()).toEqual(['JUNE-1', 'JUNE-2', 'JUNE-3', 'JUNE-4'])
    expect(await left()).toBe(1)

    const more = fresh.splice(0, 2)
    await manager.enter(ruleId, more)
    await manager.confirmed()
    const states = await Promise.all(more.map((person) => manager.sendOf(ruleId, person)))
    const without = states.find((send) => send?.state === 'blocked')
    expect(without?.because).toMatchObject([{ code: 'block.coupon_none', params: { batch: '六月券' } }])
    expect((await massesOf(world, more)).flat()).toEqual([expect.stringContaining('JUNE-5')])
    expect(await left()).toBe(0)
    await add('JUNE-5\nJUNE-6')
    const again = await sends('补发', without?.content?.id ?? '')
    const unlucky = more.filter(({ id }) => id === without?.customerId)
    await manager.enter(again, unlucky)
    await manager.confirmed()
    expect(await massesOf(world, unlucky)).toEqual([[expect.stringContaining('JUNE-6')]])
  })

  it('a link in a message of one’s own tells who opened what, and from which send; of words many get only how often', async () => {
    const [opens, sleeps, third] = fresh.splice(0, 3)
    if (opens === undefined || sleeps === undefined || third === undefined) throw new Error('too few customers')
    const who = [opens, sleeps]
    const own = await write({ name: '专属', body: { text: `{{ customer.name }}，看看 ${shop}/own` } })
    const ruleId = await sends('专属', own)
    await manager.enter(ruleId, who)
    await confirmAll(world, 'lina')
    await world.settle(hours(1))
    const linkIn = async (person: Person): Promise<string> => {
      const [[text = ''] = []] = await massesOf(world, [person])
      return /https?:\S+$/.exec(text)?.[0] ?? ''
    }
    const tap = async (person: Person, times = 1): Promise<void> => {
      const url = await linkIn(person)
      for (let nth = 0; nth < times; nth += 1) {
        const answer = await fetch(url, {
          redirect: 'manual',
          headers: { 'user-agent': 'Mozilla/5.0 MicroMessenger/8.0' },
        })
        expect([answer.status, answer.headers.get('location')?.startsWith(shop)]).toEqual([302, true])
      }
      await world.drain()
    }
    await tap(opens, 2)
    const openings = async ({ id }: Person) =>
      (await world.call(api.customers.timeline, { params: { id }, query: {} })).items
        .filter(({ type }) => type === 'link.opened')
        .map(({ payload }) => payload)
    const opensOf = async (rule: string, person: Person) => {
      const id = (await manager.sendOf(rule, person))?.id ?? ''
      const { shared, links } = await world.call(api.links.ofSend, { params: { id } })
      return { id, shared, opens: links.map((link) => [link.url, link.opens]) }
    }
    const opened = await opensOf(ruleId, opens)
    expect(opened).toMatchObject({ shared: false, opens: [[`${shop}/own`, 1]] })
    expect(await openings(opens)).toMatchObject([{ url: `${shop}/own`, intentId: opened.id, contentId: own }])
    expect(await opensOf(ruleId, sleeps)).toMatchObject({ shared: false, opens: [[`${shop}/own`, 0]] })
    expect(await openings(sleeps)).toEqual([])
    expect(await world.call(api.links.opens, { query: { of: `content:${own}` } })).toMatchObject({
      opens: 1,
      opened: 1,
    })

    await world.settle(days(1))
    const same = await sends('同文', await write({ name: '同文', body: { text: `都看看 ${shop}/all` } }))
    const many = [third, ...fresh.splice(0, 1)]
    expect(many).toHaveLength(2)
    await manager.enter(same, many)
    await manager.confirmed()
    await tap(third)
    expect(await opensOf(same, third)).toMatchObject({ shared: true, opens: [[`${shop}/all`, 1]] })
    expect(await openings(third)).toEqual([])
  })

  it('a rep’s sidebar has the talk tracks for the situation, tier and stage of the customer, in their words, and counts each use once', async () => {
    const [wang, lina, wei] = await Promise.all(['wangmin', 'lina', 'wangwei'].map((userid) => callAs(world, userid)))
    if (wang === undefined || lina === undefined || wei === undefined) throw new Error('nobody signed in')
    const tracks = [
      { situation: 'silent', title: '贵宾久别', text: '{{ customer.name }}，好久不见', tiers: ['A' as const] },
      { situation: 'price', title: '嫌贵', text: '有{{ customer.budget | default: "百元" }}的，我是{{ rep.name }}' },
      { situation: '换季', title: '都能用', text: '换季了，补点水' },
      { situation: 'silent', title: '沉默贵宾', text: '给您留着', tiers: ['A' as const], stages: ['silent' as const] },
      {
        situation: 'silent',
        title: '沉默新客',
        text: '还记得我吗',
        tiers: ['C' as const],
        stages: ['silent' as const],
      },
    ]
    const ids: string[] = []
    for (const body of tracks) ids.push((await wang(api.talkTracks.create, { body })).id)
    await expect(
      lina(api.talkTracks.create, { body: { situation: 'price', title: '打折', text: '五折' } }),
    ).rejects.toMatchObject({
      status: 403,
    })
    const shown = async ({ id }: Person) => {
      const { items } = await lina(api.talkTracks.forCustomer, { params: { id } })
      return items.map(({ situation, title, text, fits }) => `${situation} ${title} ${text} ${fits}`)
    }
    const name = await nameOf(vip)
    const forVip = [`silent 沉默贵宾 给您留着 true`, `silent 贵宾久别 ${name}，好久不见 true`]
    const price = (from: string) => `price 嫌贵 有${from}的，我是李娜 false`
    const season = '换季 都能用 换季了，补点水 false'
    expect(await shown(vip)).toEqual([...forVip, season, price('百元')])
    expect(await shown(neighbour)).toEqual(['silent 沉默新客 还记得我吗 true', season, price('¥260')])
    await expect(wei(api.talkTracks.forCustomer, { params: { id: vip.id } })).rejects.toMatchObject({ status: 403 })

    // The same tap told twice is one use; what is used more comes first.
    const used = (key: string) => lina(api.talkTracks.used, { params: { id: ids[1] ?? '' }, body: { key } })
    for (const key of ['tap-number-1', 'tap-number-1', 'tap-number-2']) await used(key)
    const { items } = await wang(api.talkTracks.list)
    expect(items.map(({ title, used: times }) => [title, times]).toSorted()).toEqual(
      [...tracks.map(({ title }) => [title, title === '嫌贵' ? 2 : 0])].toSorted(),
    )
    expect(await shown(vip)).toEqual([...forVip, price('百元'), season])
  })
})
