import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { handlersOf, type EventName, type EventRecord } from '@zhiyin/shared/events'
import { createHolds, type WantTag } from '../../../server/profile/read.ts'
import type { TagRule } from '../../../server/profile/types.ts'
import { createTagMarks } from '../../../server/tags/marks.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTags } from '../../../server/tags/tags.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const world = useWecom()
const Made = z.object({ external_userid: z.string() })

let wecom: Wecom
let engine: ReturnType<typeof customerEngine>
let rules: TagRule[]
let tag: { id: string; wecomId: string }
let serial = 0

const read = () => createTagsRead({ mongo: mongo.get() })
/** As the outbox does it: marked in WeCom, and what it tells of the pair is kept with the call. */
const wantTag: WantTag = async ({ userid, externalUserId, add, remove }) => {
  const idsOf = async (ids: readonly string[]) => (await read().byIds(ids)).flatMap(({ wecomId }) => wecomId ?? [])
  const mark = { userid, externalUserId, add: await idsOf(add), remove: await idsOf(remove) }
  await wecom.write.markTag(mark)
  await engine.profile.marked(mark)
}

beforeAll(async () => {
  wecom = world.adapter()
  engine = customerEngine(mongo.get(), world.clock)
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  rules = []
  engine = customerEngine(
    mongo.get(),
    world.clock,
    {
      getCustomer: wecom.read.getCustomer,
      tagsByWecomId: async (ids) =>
        new Map((await read().byWecomIds(ids)).flatMap((one) => (one.wecomId === null ? [] : [[one.wecomId, one]]))),
    },
    async () => ({ tagRules: rules }),
  )
  const tags = createTags({
    mongo: mongo.get(),
    clock: world.clock,
    newId: engine.newId,
    log: quietLog,
    enqueue: engine.enqueue,
    setup: wecom.setup,
    wecom: wecom.read,
    clear: engine.profile.clearTag,
    recompute: engine.profile.recompute.want,
    uses: async () => [],
  })
  const { _id: id, wecomId } = await tags.create({ name: `常客${++serial}`, group: '身份' })
  tag = { id, wecomId: wecomId ?? '' }
})

/** What the rooms behind the profile are shown, carried to WeCom. */
const carry = async (): Promise<void> => {
  await engine.drain()
  const { view, ruledOn } = engine.read
  const holdsOf = createHolds(mongo.get()).of
  const marks = createTagMarks({ view, ruledOn, holdsOf, tagsByIds: read().byIds, wantTag })
  const seen = engine.matched.splice(0)
  for (const id of new Set(seen.map(({ customerId }) => customerId)))
    await marks.match(
      id,
      seen.filter(({ customerId }) => customerId === id),
    )
}
const receive = async <N extends EventName>(event: N, fields: EventRecord<N>['fields']): Promise<void> => {
  const createTime = world.clock.date()
  const record = { id: `inb_${++serial}`, key: `${event}:${serial}`, event, fields, createTime, receivedAt: createTime }
  const [handler] = handlersOf(engine.profile.handlers)[event] ?? []
  await handler?.run(record)
  await carry()
}
/** What a person does in WeCom, and the callback that tells of it. */
const act = async (what: string, pair: { userid: string; external_userid: string }, more = {}): Promise<void> => {
  await world.advance(2_000)
  await world.act(what, { ...pair, ...more })
  const fields = { userid: pair.userid, externalUserId: pair.external_userid }
  if (what === 'add') await receive('change_external_contact.add_external_contact', fields)
  else if (what === 'delete-by-member') await receive('change_external_contact.del_external_contact', fields)
  else await receive('change_external_contact.edit_external_contact', fields)
  await world.advance(2_000)
}
/** Held by wangwei and then by lina, and a buyer, whom a rule gives a tag. */
const buyer = async () => {
  rules = [
    {
      id: 'rule_1',
      name: '买过',
      version: 1,
      tagId: tag.id,
      tag: '常客',
      condition: { type: 'orders', op: 'gte', value: 1 },
    },
  ]
  const { external_userid } = Made.parse(await world.act('customers', { name: '林晓雯' }))
  for (const userid of ['wangwei', 'lina']) await act('add', { userid, external_userid })
  const view = await engine.read.byExternal(external_userid)
  const customerId = view?.id ?? ''
  const payload = { orderId: `o_${serial}`, amount: 100, currency: 'CNY', products: [] }
  const at = world.clock.date()
  await engine.facts.append([
    { id: `order:${serial}`, customerId, type: 'order.completed', at, source: 'ingest', payload },
  ])
  await carry()
  return { external_userid, customerId }
}
const inWecom = async (external_userid: string) =>
  (await wecom.read.getCustomer(external_userid))?.follows.map(({ userid, tagIds }) => [
    userid,
    tagIds.includes(tag.wecomId),
  ])
const tagIds = async (customerId: string) => (await engine.read.view(customerId))?.tagIds
const removals = async (customerId: string) => engine.timeline.list(customerId, { types: ['tag.removed'] })

describe('a tag of a rule on the pair of a rep who lets the customer go', () => {
  it('stays: a pair that is gone says nothing of tags; the rep who still holds them gets the mark', async () => {
    const { external_userid, customerId } = await buyer()
    expect(await inWecom(external_userid)).toEqual([
      ['wangwei', false],
      ['lina', true],
    ])
    await act('delete-by-member', { userid: 'lina', external_userid })
    await act('remark', { userid: 'wangwei', external_userid }, { remark: '老客' })
    expect(await tagIds(customerId)).toEqual([tag.id])
    expect(await removals(customerId)).toEqual([])
    expect(await inWecom(external_userid)).toEqual([['wangwei', true]])
  })

  it('stays when that rep adds them again, and WeCom has nothing on the new pair', async () => {
    const { external_userid, customerId } = await buyer()
    await act('delete-by-member', { userid: 'lina', external_userid })
    await act('add', { userid: 'lina', external_userid })
    await act('remark', { userid: 'lina', external_userid }, { remark: '又来了' })
    expect(await tagIds(customerId)).toEqual([tag.id])
    expect(await removals(customerId)).toEqual([])
  })

  it('goes when somebody takes it off a pair that is still there, and no rule puts it on again', async () => {
    const { external_userid, customerId } = await buyer()
    await act('tag', { userid: 'lina', external_userid }, { remove: [tag.wecomId] })
    expect(await tagIds(customerId)).toEqual([])
    const reasons = (await removals(customerId)).flatMap(({ payload }) => payload.because.map(({ code }) => code))
    expect(reasons).toContain('tag.by_wecom')
  })
})
