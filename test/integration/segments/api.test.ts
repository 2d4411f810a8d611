import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { segments as endpoints } from '@zhiyin/shared/api/segments'
import type { Bound } from '../../../server/api/bind.ts'
import { segmentsApi } from '../../../server/api/segments.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { useMongo } from '../../support/mongo.ts'
import { buysWithin, segmentsHarness } from './harness.ts'

const mongo = useMongo()
let world: ReturnType<typeof segmentsHarness>
let bounds: Bound[]
let audited: { by: string; act: string; detail: Record<string, unknown> }[]

const member = (userid: string, role: SignedIn['role'], scope: readonly string[] | null): SignedIn => ({
  kind: 'member',
  userid,
  name: userid,
  role,
  scope,
})
const boss = member('boss', 'admin', null)
const lead = member('lead', 'manager', ['rep1'])
const other = member('other', 'manager', ['rep2'])

beforeAll(async () => {
  segmentsHarness(mongo.get())
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  world = segmentsHarness(mongo.get())
  audited = []
  bounds = segmentsApi({
    segments: world.room,
    audit: {
      record: async ({ actor, act, detail }) =>
        void audited.push({ by: actor.kind === 'member' ? actor.userid : actor.name, act, detail }),
    },
  })
})

const ask = async (
  endpoint: Bound['endpoint'],
  actor: SignedIn,
  { params = {}, body = {} }: { params?: unknown; body?: unknown } = {},
): Promise<unknown> =>
  bounds
    .find((bound) => bound.endpoint === endpoint)
    ?.answer({
      params,
      query: {},
      body,
      actor,
      file: () => Promise.reject(new Error('no file')),
      pieces: async function* () {},
      lang: 'zh',
      requestId: 'r',
      cookies: { get: () => undefined, set: () => undefined },
    })

const segment = { kind: 'rule', name: '近期下单', note: '', condition: buysWithin(30) } as const

describe('the API of segments', () => {
  it('is for managers, and writes down what they change', async () => {
    await expect(ask(endpoints.list, member('rep1', 'rep', ['rep1']))).rejects.toMatchObject({
      code: 'policy.forbidden',
    })
    const made = endpoints.create.output.parse(await ask(endpoints.create, lead, { body: segment }))
    await ask(endpoints.turn, lead, { params: { id: made.id }, body: { on: false } })
    await ask(endpoints.remove, lead, { params: { id: made.id } })
    expect(audited.map(({ by, act }) => [by, act])).toEqual([
      ['lead', 'segment.create'],
      ['lead', 'segment.off'],
      ['lead', 'segment.delete'],
    ])
    await expect(
      ask(endpoints.create, lead, { body: { ...segment, condition: { type: 'tag', tagId: '', tag: '' } } }),
    ).rejects.toMatchObject({ code: 'request.invalid' })
  })

  it('shows a manager of departments their own customers only: counted, listed, exported', async () => {
    const [a = '', b = ''] = await world.people('a', 'b')
    await world.engine.tell(
      ...[a, b].map((id) => world.ordered(id, 2)),
      world.heldBy(a, 'rep1'),
      world.heldBy(b, 'rep2'),
    )
    const made = endpoints.create.output.parse(await ask(endpoints.create, boss, { body: segment }))
    world.clock.advance(3_000)
    await world.work()
    await world.work()
    const params = { id: made.id }
    const count = endpoints.count.output.parse(
      await ask(endpoints.count, lead, { body: { condition: segment.condition } }),
    )
    expect(count).toMatchObject({ total: 1, scoped: true, members: [{ id: a }] })
    const listed = endpoints.members.output.parse(await ask(endpoints.members, lead, { params }))
    expect(listed.items.map(({ id }) => id)).toEqual([a])
    const file = endpoints.export.output.parse(await ask(endpoints.export, lead, { params }))
    expect(file.way.total).toBe(1)
  })

  it('gives files to whoever asked for them and to admins; in the clear to admins who say why', async () => {
    const made = endpoints.create.output.parse(await ask(endpoints.create, boss, { body: segment }))
    const params = { id: made.id }
    await expect(
      ask(endpoints.export, lead, { params, body: { clear: true, reason: '寄礼品' } }),
    ).rejects.toMatchObject({ code: 'policy.forbidden' })
    await expect(ask(endpoints.export, boss, { params, body: { clear: true } })).rejects.toMatchObject({
      code: 'segment.reason',
    })
    const file = endpoints.export.output.parse(await ask(endpoints.export, lead, { params }))
    await world.work()
    const of = { params: { id: file.id } }
    await expect(ask(endpoints.download, other, of)).rejects.toMatchObject({ code: 'policy.forbidden' })
    expect(endpoints.exports.output.parse(await ask(endpoints.exports, other, { params })).items).toEqual([])
    expect(await ask(endpoints.download, boss, of)).toMatchObject({ mime: 'text/csv' })
    expect(audited.map(({ act }) => act)).toEqual(['segment.create', 'segment.export', 'segment.download'])
  })
})
