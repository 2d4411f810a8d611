import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { Import } from '@zhiyin/shared/api/imports'
import { Backtest, RuleTrial } from '@zhiyin/shared/backtest'
import { Certificate } from '@zhiyin/shared/privacy'
import { RuleInput } from '@zhiyin/shared/rule'
import { until } from '../support/company.ts'
import { maskedFor, type Around } from '../support/masked-for.ts'
import { openTraces, type Traces } from '../support/traces.ts'
import { signedIn } from '../support/signed-in.ts'
import { hours, startWorld, thisMorning as morning, type World } from '../support/world.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })
const Holds = z.object({
  relations: z.array(z.object({ userid: z.string(), external_userid: z.string(), add_way: z.int() })),
})
const Welcome = z.object({ welcome_code: z.string().nullable() })

/** What somebody tells us, by every door. */
const personal = {
  phone: '13812345678',
  email: 'lin.xiaowen@example.com',
  street: '长安街一号院 3 栋',
  idNumber: '11010519491231002X',
  mobile: '13900001111',
  rejected: '13700002222',
  diagnosis: '特应性皮炎二期',
}
const name = '欧阳晓雯'
const sealedIn = ['customers', 'facts', 'importrejects', 'ingestRecent', 'intents', 'messages', 'rejects', 'tasks']

describe('personal data', () => {
  let world: World
  let traces: Traces
  let external = ''
  let id = ''
  /** Who became part of them. */
  let part = ''
  const around: Around = {
    customer: '',
    external: '',
    task: '',
    broadcast: '',
    segment: '',
    file: '',
    import: '',
    rule: '',
    backtest: '',
    push: '',
    plan: '',
    content: '',
    said: '',
    transfer: '',
  }
  /** Of a text in use that names them: the content, and its version. */
  const inUse = ['contents', 'contentversions']
  let named = ''

  const whereIs = (words: readonly string[]): Promise<string[]> => traces.where(words)
  const fetched = async (path: string): Promise<string> => {
    const response = await fetch(`${world.stack.serverUrl}${path}`, {
      headers: { authorization: `Bearer ${world.stack.secrets.ADMIN_API_KEY}` },
    })
    expect(response.status, path).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    return response.text()
  }
  const send = async (path: string, body: object): Promise<void> => {
    const key = Buffer.from(`${world.stack.secrets.INGEST_WRITE_KEY}:`).toString('base64')
    const response = await fetch(`${world.stack.serverUrl}/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${key}` },
      body: JSON.stringify(body),
    })
    expect(response.status, path).toBe(200)
  }
  const order = (orderId: string, timestamp: string) => ({
    userId: 'shop-77',
    messageId: `order-${orderId}`,
    event: 'Order Completed',
    timestamp,
    properties: { order_id: orderId, total: 88, products: [{ name: '定制刻字手链' }] },
  })

  beforeAll(async () => {
    world = await startWorld()
    traces = await openTraces(world.stack)
    await world.act('clock/set', { now: morning }, z.object({ now: z.int() }))
    await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
    await world.act('members', { userid: 'wangmin', name: '王敏', leader: true }, Nothing)
    await world.act('members', { userid: 'zhou', name: '周总' }, Nothing)
    for (const userid of ['zhao', 'qian', 'sun']) await world.act('members', { userid, name: userid }, Nothing)
    // A manager of a department none of whose members holds anybody.
    const { id: department } = await world.act('departments', { name: '华东' }, z.object({ id: z.int() }))
    await world.act('members', { userid: 'zhu', name: '朱主管', department: [department], leader: true }, Nothing)
    await world.call(api.members.sync)
    await world.call(api.members.setRole, { params: { id: 'zhou' }, body: { role: 'admin' } })
    await world.call(api.attributes.create, {
      body: { key: 'diagnosis', name: '诊断', layer: 'basic', type: 'text', sensitivity: 'sensitive' },
    })
    await world.call(api.attributes.create, { body: { key: 'how', name: '怎么联系', layer: 'basic', type: 'text' } })
    external = (await world.act('customers', { name }, Made)).external_userid
    await world.act('add', { userid: 'lina', external_userid: external }, Welcome)
    await world.drain()
    id = (await world.call(api.customers.byExternal, { params: { id: external } })).id
  })
  afterAll(async () => {
    await traces.close()
    await world.close()
  })

  it('comes in by callbacks, ingest, people and imports, and is nowhere found in clear', async () => {
    await send('identify', {
      userId: 'shop-77',
      messageId: 'identify-1',
      timestamp: new Date(morning).toISOString(),
      traits: {
        external_userid: external,
        phone: personal.phone,
        email: personal.email,
        address: { street: personal.street, city: '北京' },
        id_number: personal.idNumber,
        diagnosis: personal.diagnosis,
        how: `打 ${personal.mobile}`,
        sharing_consent: 'granted',
        city: '北京',
      },
    })
    await send('track', order('A-1001', new Date(morning).toISOString()))
    // The same phone under another number of the shop: somebody has to say that it is the same person.
    await send('identify', { userId: 'shop-78', messageId: 'identify-3', traits: { phone: personal.phone } })
    const wrong = {
      type: 'track',
      userId: 'shop-77',
      properties: { diagnosis: personal.diagnosis, tel: personal.phone },
    }
    await send('batch', { batch: [wrong] })
    await send('track', {
      userId: personal.email,
      messageId: 'track-1',
      event: 'Form Submitted',
      properties: { contact: `打 ${personal.phone} 找我`, mail: personal.email },
    })
    await world.act(
      'remark',
      { userid: 'lina', external_userid: external, description: `电话 ${personal.mobile}` },
      z.unknown(),
    )
    await world.call(api.customers.editContact, {
      params: { id },
      body: { userid: 'lina', mobiles: [personal.mobile] },
    })
    await world.call(api.customers.writeNote, {
      params: { id },
      body: { key: 'note-0001', text: `备用号码 ${personal.mobile}` },
    })
    const csv = `手机,邮箱,生日\n${personal.phone},${personal.email},1990-01-01\n${personal.rejected},nobody,不是日期\n`
    const made = await world.call(api.imports.create, {
      body: { kind: 'customers', name: '客户.csv', size: Buffer.byteLength(csv) },
    })
    const put = await fetch(`${world.stack.serverUrl}/api/imports/${made.id}/file?at=0`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${world.stack.secrets.ADMIN_API_KEY}`,
        'content-type': 'application/octet-stream',
      },
      body: csv,
    })
    Import.parse(await put.json())
    around.import = made.id
    await world.call(api.imports.start, {
      params: { id: made.id },
      body: {
        mapping: {
          columns: [
            { to: 'identity', kind: 'phone' },
            { to: 'identity', kind: 'email' },
            { to: 'trait', key: 'birthday', form: 'birthday' },
          ],
          currency: 'CNY',
        },
      },
    })
    await world.drain()
    const rejected = await world.call(api.imports.rejected, { params: { id: made.id }, query: {} })
    expect(rejected.items.map(({ cells }) => cells[0])).toEqual([personal.rejected])

    expect(await whereIs(Object.values(personal))).toEqual([])
    const find = async () =>
      (await world.call(api.customers.list, { query: { q: '138 1234 5678' } })).items.map((row) => row.id)
    const [other = ''] = (await find()).filter((one) => one !== id)
    part = other
    // What was kept under their number before stays under it: not every room knows of merges.
    await world.call(api.privacy.reveal, { params: { id: other }, body: { kind: 'phone', reason: '核对' } })
    await world.call(api.privacy.askExport, { params: { id: other }, body: { reason: '客户来电查阅' } })
    await until('both are kept', async () => (await whereIs([other])).join().includes('dataexports'))
    await world.call(api.identities.merge, { params: { id }, body: { other, note: '同一部手机' } })
    await world.drain()
    expect(await find()).toEqual([id])
  })

  it('waits sealed in messages, tasks and files, and goes out as it was written', async () => {
    const body = { key: 'call-back', customerId: id, title: `打 ${personal.mobile} 找${name}` }
    around.task = (
      await world.call(api.tasks.create, {
        body: { ...body, dueAt: new Date((await world.now()) + 30_000).toISOString() },
      })
    ).id
    const text = `{{ customer.name }}，详情 https://shop.example.com/new 或电 ${personal.mobile}`
    const { id: contentId } = await world.call(api.contents.create, { body: { name: '新品', body: { text } } })
    const { id: broadcast } = await world.call(api.broadcasts.create, {
      body: { key: 'story-privacy', name: '新品', contentId, audience: { kind: 'customers' } },
    })
    around.broadcast = broadcast
    await world.advance(31_000)
    const [asked] = await world.tasks('lina')
    expect(asked?.text).toContain(`${name}，详情 http`)
    expect(asked?.text).toContain(personal.mobile)
    const code = /\/l\/[\w-]{10}/.exec(asked?.text ?? '')?.[0] ?? ''
    expect((await fetch(`${world.stack.publicUrl}${code}`, { redirect: 'manual' })).status).toBe(302)
    const cards = JSON.stringify(await world.ledger({ via: 'app' }))
    expect(cards).toContain(`打 ${personal.mobile} 找${name}`)

    const { chat_id } = await world.act(
      'groups',
      { name: '老客群', owner: 'lina' },
      z.looseObject({ chat_id: z.string() }),
    )
    await world.drain()
    // The group is known before they come, so its timeline has a line of them.
    await world.act(`groups/${chat_id}/join`, { id: external }, z.unknown())
    await world.drain()
    expect(await whereIs([external])).toContain(`groupchanges: ${external}`)
    const list = await world.call(api.segments.create, { body: { kind: 'list', name: '老客', note: '' } })
    await world.advance(3_000)
    await world.call(api.segments.put, { params: { id: list.id }, body: { who: [id] } })
    await world.drain()
    around.segment = list.id
    const file = async (clear: boolean): Promise<string> => {
      const made = await world.call(api.segments.export, {
        params: { id: list.id },
        body: clear ? { clear, reason: '寄礼品' } : {},
      })
      await until('the file is made', async () => {
        const { items } = await world.call(api.segments.exports, { params: { id: list.id } })
        return items.find((one) => one.id === made.id)?.state === 'done'
      })
      return made.id
    }
    const { items: groups } = await world.call(api.groups.list, { query: {} })
    const groupIds = groups.map((group) => group.id)
    around.push = (await world.call(api.groupPushes.push, { body: { key: 'push-privacy', contentId, groupIds } })).id
    const at = new Date((await world.now()) + 3_600_000).toISOString()
    const item = {
      contentId,
      audience: { type: 'named' as const, groupIds },
      schedule: { type: 'dates' as const, at: [at] },
    }
    around.plan = (
      await world.call(api.pushPlans.create, {
        body: { key: 'plan-privacy', name: '上新', lateHours: 1, items: [item] },
      })
    ).id
    around.file = await file(false)
    const shown = await fetched(`/api/segment-exports/${await file(true)}/file`)
    for (const word of [name, personal.mobile, personal.email]) expect(shown).toContain(word)
    expect(shown).not.toContain(personal.diagnosis)
    expect(await whereIs(Object.values(personal))).toEqual([
      `contents: ${personal.mobile}`,
      `contentversions: ${personal.mobile}`,
    ])
    // Each of them follows a change of keys (server/personal.ts).
    const sealed = new Set((await whereIs(['pii:'])).map((where) => where.replace(': pii:', '')))
    expect([...sealed].sort()).toEqual(sealedIn)
    await world.call(api.contents.update, { params: { id: contentId }, body: { name: '新品', body: { text: '占位' } } })
    named = (await world.call(api.contents.create, { body: { name: '口碑', body: { text: `${name}：用了都说好` } } }))
      .id
  })

  it('goes through a rule, is tried on the past and measured', async () => {
    const say = "{{ customer.name }}，{{ customer.how | default: '见面聊' }}"
    const { id: contentId } = await world.call(api.contents.create, { body: { name: '谢谢', body: { text: say } } })
    around.content = contentId
    const thanks = { type: 'send' as const, channel: 'mass' as const, contentId, next: null }
    const rule = RuleInput.parse({
      name: '谢谢下单',
      trigger: { type: 'event', event: 'order.completed' },
      steps: [
        { id: 'task', type: 'task', title: '谢谢 {{ customer.name }}' },
        { id: 'split', type: 'split', arms: [{ id: 'a', name: '甲', percent: 50, next: 'a' }, { id: 'b', name: '乙', percent: 50, next: 'b' }] },
        { id: 'a', ...thanks },
        { id: 'b', ...thanks },
      ],
    }) // prettier-ignore
    around.rule = (await world.call(api.rules.create, { body: rule })).id
    await world.call(api.rules.turnOn, { params: { id: around.rule }, body: { meetNow: false } })
    await send('track', order('A-1002', new Date(await world.now()).toISOString()))
    await world.drain()
    const { items: runs } = await world.call(api.rules.runs, { params: { id: around.rule }, query: {} })
    expect(runs.map(({ customerId }) => customerId)).toEqual([id])
    around.backtest = (await world.call(api.rules.backtest, { body: { id: around.rule, rule, sample: null } })).id
    await world.drain()
    const tried = await world.call(api.rules.backtestOf, { params: { id: around.backtest } })
    expect(tried).toMatchObject({ state: 'done', examples: [{ customerId: id }] })
    expect(JSON.stringify(tried.examples)).toContain('打 139****1111')
    const measured = await world.call(api.measure.rule, { params: { id: around.rule }, query: {} })
    expect(JSON.stringify(measured)).toContain('甲')
  })

  it('is tried on the past only by those who may, each on the customers they see', async () => {
    const ask = async (userid: string, path: string, body?: object) => {
      const answer = await (await signedIn(world, userid))(path, body)
      return { status: answer.status, text: await answer.text() }
    }
    const { id: _id, ...rule } = await world.call(api.rules.get, { params: { id: around.rule } })
    const wanted = { rule, days: 30, sample: null }
    expect((await ask('lina', '/api/rules/backtests', wanted)).status).toBe(403)
    const wrong = await ask('wangmin', '/api/rules/backtests', { ...wanted, days: 0 })
    expect([wrong.status, wrong.text.includes('days')]).toEqual([400, true])
    const begun = Backtest.parse(JSON.parse((await ask('wangmin', '/api/rules/backtests', wanted)).text))
    await world.drain()
    const path = `/api/rules/backtests/${begun.id}`
    const done = Backtest.parse(JSON.parse((await ask('wangmin', path)).text))
    expect(done).toMatchObject({ state: 'done', limited: false, by: '王敏', checked: done.wanted })
    expect((await ask('zhou', path)).status).toBe(200)
    const own = Backtest.parse(JSON.parse((await ask('zhu', '/api/rules/backtests', wanted)).text))
    await world.drain()
    const nobodys = Backtest.parse(JSON.parse((await ask('zhu', `/api/rules/backtests/${own.id}`)).text))
    expect(nobodys).toMatchObject({ state: 'done', limited: true, total: 0, examples: [] })
    expect((await ask('zhu', path)).status).toBe(404)
    expect((await ask('zhu', '/api/rules/try', { rule, customerId: id })).status).toBe(403)
    expect((await ask('zhou', '/api/rules/backtests/bt_unknown')).status).toBe(404)
    expect((await ask('lina', path)).status).toBe(403)
    // Over is over: what it counted stays.
    expect(Backtest.parse(JSON.parse((await ask('wangmin', `${path}/cancel`, {})).text))).toEqual(done)
    const { items } = await world.call(api.privacy.audit, { query: { act: 'backtest.begin' } })
    expect(items.map(({ by }) => by)).toContain('wangmin')
    const tried = await ask('zhou', '/api/rules/try', { rule, customerId: id })
    expect([tried.status, RuleTrial.parse(JSON.parse(tried.text)).customerId]).toEqual([200, id])
    expect(tried.text).toContain('打 139****1111')
    expect((await ask('lina', '/api/rules/try', { rule, customerId: id })).status).toBe(403)
  })

  it('is masked for whoever does not hold the customer, and shown for a reason that is written down', async () => {
    const profile = await world.call(api.customers.get, { params: { id } })
    const basic = profile.layers.find(({ layer }) => layer === 'basic')?.values ?? []
    const value = (key: string) => basic.find((one) => one.key === key)?.value
    // What the rep noted stands in front of what the shop says.
    expect([value('phone'), value('email'), value('id_number')]).toEqual([
      '139****1111',
      'l***@example.com',
      '110********2X',
    ])
    expect(profile.follows[0]?.mobiles).toEqual(['139****1111'])
    expect(JSON.stringify(await world.call(api.customers.timeline, { params: { id }, query: {} }))).not.toContain('13900001111') // prettier-ignore
    const { values } = await world.call(api.privacy.reveal, { params: { id }, body: { kind: 'phone', reason: '回访' } })
    expect(values.toSorted()).toEqual([personal.phone, personal.mobile].toSorted())
    const { items } = await world.call(api.privacy.audit, { query: { act: 'customer.revealed' } })
    expect(items[0]).toMatchObject({ by: 'API key', customer: name, detail: { kind: 'phone', reason: '回访' } })
  })

  it('of a manager is refused where it is marked as sensitive; an admin is shown it for a reason', async () => {
    const ask = async (userid: string, kind: string) => {
      const asked = await (await signedIn(world, userid))(`/api/customers/${id}/reveal`, { kind, reason: '核对病历' })
      return { status: asked.status, text: await asked.text() }
    }
    const revealed = async () =>
      (await world.call(api.privacy.audit, { query: { act: 'customer.revealed' } })).items.map(({ by, detail }) => ({
        by,
        kind: detail['kind'],
      }))
    const before = await revealed()
    const refused = await ask('wangmin', 'text')
    expect(refused.status).toBe(403)
    expect(refused.text).not.toContain(personal.diagnosis)
    expect(await revealed()).toEqual(before)
    expect(await ask('wangmin', 'email')).toMatchObject({ status: 200, text: expect.stringContaining(personal.email) })
    expect(await ask('lina', 'email')).toMatchObject({ status: 403 })
    expect(await ask('zhou', 'text')).toMatchObject({ status: 200, text: expect.stringContaining(personal.diagnosis) })
    expect((await revealed()).slice(0, 2)).toEqual([
      { by: 'zhou', kind: 'text' },
      { by: 'wangmin', kind: 'email' },
    ])
  })

  it('stands in what a robot said, in a loss and in a hand-over too', async () => {
    const { chat_id } = await world.act(
      'groups',
      { name: '门店晨会', owner: 'lina', kind: 'internal' },
      z.looseObject({ chat_id: z.string() }),
    )
    const { webhook } = await world.act(
      `groups/${chat_id}/robots`,
      { name: '晨会机器人' },
      z.object({ webhook: z.url() }),
    )
    const staff = await world.call(api.groups.addInternal, { body: { name: '门店晨会', webhook, tier: 'B' } })
    const said = `${name} 要的手链到了，请打 ${personal.mobile}`
    const robot = await world.call(api.robots.send, {
      params: { id: staff.id },
      body: { key: 'robot-privacy-1', message: { kind: 'text', text: said } },
    })
    around.said = robot.intentId
    for (const userid of ['zhao', 'sun']) await world.act('add', { userid, external_userid: external }, Welcome)
    await world.drain()
    await world.act('delete-by-customer', { userid: 'sun', external_userid: external }, z.unknown())
    const takeover = { customers: [id], groups: [], takeovers: [{ userid: 'qian' }] }
    const handOver = await world.call(api.transfers.start, {
      body: { key: 'transfer-privacy', from: 'zhao', ...takeover },
    })
    around.transfer = handOver.id
    await world.advance(61_000)
    expect((await world.ledger({ via: 'robot' })).map(({ text }) => text)).toEqual([said])
    expect((await world.call(api.losses.list, { query: {} })).items).toMatchObject([{ customer: name }])
    const held = new Set(await whereIs([name, external, id]))
    for (const where of [`intents: ${name}`, `losses: ${id}`, `transferitems: ${external}`])
      expect([...held], where).toContain(where)
    expect(await whereIs(Object.values(personal))).toEqual([`contentversions: ${personal.mobile}`])
  })

  it('is masked in every answer, by role', async () => {
    Object.assign(around, { customer: id, external })
    const told = await maskedFor(world, around)
    // Their own rep has the phone in WeCom; what is sensitive is for nobody without a reason.
    expect(await told('lina', [personal.diagnosis])).toEqual([])
    expect(await told('lina', [personal.mobile])).not.toEqual([])
    // Nor is anything shown sealed: what that says is for nobody to read.
    const words = [...Object.values(personal), 'pii:']
    expect(await told('wangmin', words)).toEqual([])
    expect(await told('zhou', words, true)).toEqual([])
  })

  it('is handed out as a whole, for machines and for people', async () => {
    const asked = await world.call(api.privacy.askExport, { params: { id }, body: { reason: '客户来电查阅' } })
    await until('the copy is made', async () => {
      const { items } = await world.call(api.privacy.requests, { query: { customerId: id } })
      return items.find((one) => one.id === asked.id)?.state === 'done'
    })
    const json = await fetched(`/api/privacy/exports/${asked.id}/json`)
    for (const word of [...Object.values(personal).slice(0, 5), name, external, 'A-1001', '定制刻字手链', '回访'])
      expect(json, word).toContain(word)
    const html = await fetched(`/api/privacy/exports/${asked.id}/html`)
    for (const word of [personal.phone, name, '定制刻字手链', 'What happened', '谁看过']) expect(html).toContain(word)
    expect(await whereIs(Object.values(personal))).toEqual([`contentversions: ${personal.mobile}`])
  })

  it('is erased from everywhere but for the certificate; nothing old brings it back, a new contact is somebody new', async () => {
    const asked = await world.call(api.privacy.erase, {
      params: { id },
      body: { reason: '客户要求删除', confirm: 'erase' },
    })
    const state = async () => {
      const { items } = await world.call(api.privacy.requests, { query: {} })
      return items.find((one) => one.id === asked.id)?.state
    }
    await until('the rooms are done', async () => (await state()) === 'checking')
    await world.advance(61_000)
    await until('it is checked', async () => (await state()) === 'done')
    const words = [
      name,
      part,
      external,
      'A-1001',
      'A-1002',
      '定制刻字手链',
      'shop-77',
      'shop-78',
      id,
      ...Object.values(personal).filter((one) => one !== personal.rejected),
    ]
    // What the company wrote of them and still uses is for a person to change; the certificate says where it stands.
    const left = await whereIs(words)
    expect(left).toEqual(inUse.map((where) => `${where}: ${name}`))

    const text = await fetched(`/api/privacy/erasures/${asked.id}/certificate`)
    const { hash, ...body } = Certificate.parse(JSON.parse(text))
    expect(createHash('sha256').update(JSON.stringify(body)).digest('hex')).toBe(hash)
    expect(body.named).toEqual([{ where: 'contents', id: named }])
    const { items } = await world.call(api.privacy.requests, { query: {} })
    expect(items.find((one) => one.id === asked.id)?.named).toEqual([{ where: 'contents', id: named, title: '口碑' }])
    const count = (room: string, what: string) =>
      body.erased.find((one) => one.room === room && one.what === what)?.count ?? 0
    for (const [room, what] of [
      ['profile', 'merges'], ['outbox', 'sends'], ['outbox', 'messagesToReps'], ['tasks', 'tasks'], ['segments', 'files'],
      ['losses', 'losses'], ['transfers', 'handOvers'], ['groups', 'memberships'], ['rules', 'backtests'], ['texts', 'masked'], ['exports', 'exports'], ['audit', 'entries'],
    ] as const) expect(count(room, what), `${room} ${what}`).toBeGreaterThan(0) // prettier-ignore
    expect([count('profile', 'profile'), count('facts', 'facts') > 5, count('inbox', 'callbacks') > 0]).toEqual([1, true, true]) // prettier-ignore

    // Told again, told late, listed by WeCom every night: of before, so dropped.
    await send('track', order('A-1001', new Date(morning).toISOString()))
    await send('identify', {
      messageId: 'identify-2',
      userId: 'shop-77',
      timestamp: new Date(morning).toISOString(),
      traits: { phone: personal.phone },
    })
    await world.call(api.sync.start, { body: { kind: 'full' } })
    await world.advance(10 * 60_000)
    expect(await whereIs([name, 'A-1001', 'shop-77', personal.phone])).toEqual(
      inUse.map((where) => `${where}: ${name}`),
    )

    // Somebody looks after it; within a day the version they have replaced says no more of them either.
    await world.call(api.contents.update, {
      params: { id: named },
      body: { name: '口碑', body: { text: '用了都说好' } },
    })
    await world.advance(hours(25))
    await until('no text of the company names them', async () =>
      (await whereIs([name])).every((where) => !inUse.includes(where.replace(`: ${name}`, ''))),
    )

    // The hand-over that was under way in WeCom is done by now; it makes nobody anew, told of at once or by the nightly walk.
    const { relations } = await world.look('state', Holds)
    expect(relations).toContainEqual({ userid: 'qian', external_userid: external, add_way: 202 })
    await world.call(api.sync.start, { body: { kind: 'full' } })
    await world.advance(10 * 60_000)
    expect((await world.call(api.customers.list, { query: { q: name } })).items).toEqual([])
    await expect(world.call(api.customers.byExternal, { params: { id: external } })).rejects.toMatchObject({
      status: 404,
    })

    await world.act('delete-by-customer', { userid: 'lina', external_userid: external }, z.unknown())
    await world.act('add', { userid: 'lina', external_userid: external }, Welcome)
    await world.drain()
    const again = await world.call(api.customers.byExternal, { params: { id: external } })
    expect(again.id).not.toBe(id)
    expect(again).toMatchObject({ name, stats: { orders: 0 } })
  })
})
