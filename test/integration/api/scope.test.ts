import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { privacy } from '@zhiyin/shared/api/privacy'
import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import { foundCompany, thankForOrders, until, type Company } from '../../support/company.ts'
import { listPaths } from '../../support/masked-for.ts'
import { signedIn } from '../../support/signed-in.ts'
import { startWorld, type World } from '../../support/world.ts'

const Nothing = z.object({})
let world: World
let company: Company

beforeAll(async () => {
  world = await startWorld({ split: false })
  company = await foundCompany(world)
  const { id: department } = await world.act('departments', { name: '华东' }, z.object({ id: z.int() }))
  await world.act('members', { userid: 'chen', name: '陈晨', department: [department] }, Nothing)
  await world.act('members', { userid: 'lead', name: '赵主管', department: [department], leader: true }, Nothing)
  await world.drain()
  await world.call(api.members.sync)
})
afterAll(() => world.close())

const identify = async (userId: string, traits: Record<string, unknown>): Promise<void> => {
  const response = await fetch(`${world.stack.serverUrl}/v1/identify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.stack.secrets.INGEST_WRITE_KEY}` },
    body: JSON.stringify({ userId, messageId: `identify-${userId}`, traits }),
  })
  expect(response.status).toBe(200)
}
/** Contacts of reps who have bought, of whom two sources say something else, and some of whom have a phone with somebody in common. */
const held = async <K extends string>(people: Readonly<Record<K, readonly [userid: string, phone: string]>>) => {
  const made = new Map<string, string>()
  for (const [name, [userid]] of Object.entries<readonly [string, string]>(people)) {
    const external = await company.stranger(name)
    made.set(name, external)
    await world.act('add', { userid, external_userid: external }, z.unknown())
  }
  await world.drain()
  for (const [name, [, phone]] of Object.entries<readonly [string, string]>(people)) {
    const external = made.get(name) ?? ''
    await identify(`shop-${external}`, { external_userid: external, phone, city: '上海' })
    await company.order(external, `order-${external}`, 100)
  }
  await world.drain()
  return async (name: K): Promise<{ id: string; external: string }> => {
    const external = made.get(name) ?? ''
    const { id } = await company.profile(external)
    await world.call(api.attributes.correct, { params: { id, key: 'city' }, body: { value: '北京' } })
    return { id, external }
  }
}
const guest = async (userId: string, phone: string, name: string): Promise<void> => {
  await identify(userId, { phone, name })
}

it('a manager of a department reads of its customers only, and can open each of them', async () => {
  await thankForOrders(world, '谢谢')
  const found = await held({
    自家甲: ['chen', '13800000001'],
    自家乙: ['chen', '13800000001'],
    走了的: ['chen', '13800000003'],
    别家甲: ['lina', '13800000002'],
    别家乙: ['lina', '13800000002'],
  })
  const [own, , foreign, , gone] = [
    await found('自家甲'),
    await found('自家乙'),
    await found('别家甲'),
    await found('别家乙'),
    await found('走了的'),
  ]
  await guest('web-1', '13800000001', '无主甲')
  await guest('web-2', '13800000002', '无主乙')
  await guest('web-3', '13800000009', '无主丙')
  await world.drain()
  const idOf = async (q: string): Promise<string> =>
    (await world.call(api.customers.list, { query: { q } })).items[0]?.id ?? ''
  for (const { id } of [own, foreign, gone])
    await world.call(api.tasks.create, { body: { key: `call-${id}`, customerId: id, title: '回访' } })
  for (const [userid, { external }] of [['chen', own], ['lina', foreign], ['chen', gone]] as const)
    await world.act('delete-by-customer', { userid, external_userid: external }, z.unknown()) // prettier-ignore
  const { chat_id } = await world.act(
    'groups',
    { name: '老客群', owner: 'chen' },
    z.looseObject({ chat_id: z.string() }),
  )
  for (const { external } of [own, foreign]) await world.act(`groups/${chat_id}/join`, { id: external }, z.unknown())
  await world.drain()
  const { id: transfer } = await world.call(api.transfers.start, {
    body: { key: 'hand-over-gone', from: 'chen', customers: [gone.id], groups: [], takeovers: [{ userid: 'lina', share: 1 }], message: '' },
  }) // prettier-ignore
  await world.act('delete-by-member', { userid: 'chen', external_userid: gone.external }, z.unknown())
  for (const [id, name] of [[own.id, '无主甲'], [foreign.id, '无主丙']] as const)
    await world.call(api.identities.merge, { params: { id }, body: { other: await idOf(name), note: '' } }) // prettier-ignore

  const bought = { type: 'orders', op: 'gte', value: 1 } as const
  const segment = await world.call(api.segments.create, { body: { kind: 'rule', name: '下过单', condition: bought } })
  await world.call(api.segments.turn, { params: { id: segment.id }, body: { on: true } })
  const tag = await world.call(api.tags.create, { body: { name: '老客', group: '经营' } })
  const tagRule = await world.call(api.tagRules.create, { body: { name: '老客', tagId: tag.id, condition: bought } })
  await world.call(api.tagRules.turn, { params: { id: tagRule.id }, body: { on: true } })
  await world.call(api.attributes.count)
  const boughtTimes = (value: number): SchemeInput => ({
    name: '买没买',
    levels: [
      { key: 'yes', name: '买过', tier: 'A' },
      { key: 'no', name: '没买', tier: 'C' },
    ],
    how: { type: 'table', rows: [{ level: 'yes', condition: { ...bought, value } }], otherwise: 'no' },
    holdDays: 0,
  })
  const made = await world.call(api.tiers.create, { body: boughtTimes(1) })
  await until('everybody is on a level', async () => {
    await world.advance(5_000)
    return (await world.call(api.tiers.list)).recomputing === null
  })
  const trial = await world.call(api.tiers.try, { body: { id: made.scheme.id, scheme: boughtTimes(100) } })
  await until('the trial is over', async () => {
    await world.advance(5_000)
    return (await world.call(api.tiers.trial, { params: { id: trial.id } })).state === 'done'
  })
  const { items: runs } = await world.call(api.rules.list)
  const { items: groups } = await world.call(api.groups.list, { query: {} })

  const all = (await world.call(api.customers.list, { query: { limit: 100 } })).items
  const ask = await signedIn(world, 'lead')
  const opened = new Set<string>()
  for (const { id } of all) if ((await ask(`/api/customers/${id}`)).status === 200) opened.add(id)
  expect(
    all
      .filter(({ id }) => opened.has(id))
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['自家乙', '自家甲'])
  const consents = privacy.consents.output.parse(await (await ask('/api/privacy/consents')).json())
  for (const { granted, withdrawn, unknown } of consents.items) expect(granted + withdrawn + unknown).toBe(opened.size)
  const closed = all.filter(({ id }) => !opened.has(id))
  expect(closed.map(({ name }) => name)).toEqual(expect.arrayContaining(['别家甲', '别家乙', '走了的', '无主乙']))

  const paths = [
    ...listPaths,
    `/api/segments/${segment.id}/members`,
    `/api/customers/${own.id}/identities`,
    `/api/rules/${runs.find(({ trigger }) => trigger.type === 'event')?.id ?? ''}/runs`,
    `/api/tier-trials/${trial.id}/moves`,
    `/api/tag-rules/${tagRule.id}`,
    `/api/transfers/${transfer}/items`,
    `/api/groups/${groups[0]?.id ?? ''}/members`,
    '/api/attributes/city/customers?issue=conflicts',
  ]
  const told = new Map<string, string>()
  for (const path of paths) {
    const response = await ask(path)
    expect(response.status, path).toBeLessThan(500)
    told.set(path, response.status === 200 ? await response.text() : '')
  }
  const dead = [...told].flatMap(([path, text]) =>
    closed.flatMap(({ id }) => (text.includes(id) ? [`${path}: ${id}`] : [])),
  )
  expect(dead).toEqual([])
  // What lists such things is not simply empty.
  const lists = [...told].filter(([, text]) => text.includes(own.id)).map(([path]) => path.replace(/\?.*/, ''))
  expect(lists).toEqual(
    expect.arrayContaining([
      '/api/customers', '/api/tasks', '/api/losses', '/api/sends', '/api/identities/reviews', '/api/identities/merges',
      `/api/segments/${segment.id}/members`, `/api/tier-trials/${trial.id}/moves`, `/api/groups/${groups[0]?.id ?? ''}/members`,
      '/api/attributes/city/customers',
    ]),
  ) // prettier-ignore

  const tellOf = <T extends z.ZodType>(path: string, output: T): z.output<T> =>
    output.parse(JSON.parse(told.get(path) ?? ''))
  const segments = tellOf('/api/segments', api.segments.list.output).items
  expect(segments.find(({ id }) => id === segment.id)?.members).toBe(2)
  const tiers = tellOf('/api/tiers', api.tiers.list.output).items
  expect(tiers.map(({ levels }) => levels.reduce((sum, { customers }) => sum + customers, 0))).toEqual([2, 2])
  expect(tellOf(`/api/tag-rules/${tagRule.id}`, z.object({ customers: z.int() })).customers).toBe(2)
  const quality = tellOf('/api/attributes/quality', api.attributes.quality.output)
  expect(quality.attributes.find(({ key }) => key === 'city')?.conflicts).toBe(2)
  expect(tellOf('/api/identities/count', api.identities.count.output).open).toBe(1)
}, 120_000)
