import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import type { NewFact } from '@zhiyin/shared/fact'
import { createAudit } from '../../../server/audit/audit.ts'
import { tagByModel } from '../../../server/commands/tag-by-model.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { createHolds, createTermsTrial, identity, profileOf, type TagChange } from '../../../server/profile/read.ts'
import { createTagMarks } from '../../../server/tags/marks.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTagRules, type TagRules } from '../../../server/tags/rules.ts'
import { createTags, type Tags } from '../../../server/tags/tags.ts'
import { createTermsTrials } from '../../../server/tags/terms-trial.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const day = 86_400_000
const manager: SignedIn = { kind: 'member', userid: 'lead', name: '主管', role: 'manager', scope: null }

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let tags: Tags
let rules: TagRules
let wanted: { userid: string; add: readonly string[]; remove: readonly string[]; cause: string }[]
let needsGrant = false
let serial = 0

const read = () => createTagsRead({ mongo: mongo.get() })
const make = (): void => {
  clock = movableClock()
  wanted = []
  needsGrant = false
  engine = customerEngine(
    mongo.get(),
    clock,
    {
      wantTag: async (want) => void wanted.push(want),
      tagNames: async (ids) => new Map((await read().byIds(ids)).map((tag) => [tag.id, tag])),
    },
    async () => ({
      tagRules: await rules.definitions(),
      tags: await read().terms(),
      profilingNeedsGrant: needsGrant,
    }),
  )
  const recompute = engine.profile.recompute.want
  rules = createTagRules({
    mongo: mongo.get(),
    clock,
    newId: engine.newId,
    tagsRead: read(),
    definitions: engine.definitions.fresh,
    recompute,
    count: engine.read.count,
    scan: engine.read.scan,
    terms: () => read().terms(),
  })
  const told = { id: '', name: '', group: '', groupId: '', order: 0 }
  tags = createTags({
    mongo: mongo.get(),
    clock,
    newId: engine.newId,
    log: quietLog,
    enqueue: engine.enqueue,
    setup: {
      addCorpTag: async ({ group, name }) => ({ ...told, id: `et_${name}`, name, group, groupId: `eg_${group}` }),
      editCorpTag: async () => undefined,
      deleteCorpTag: async () => undefined,
    },
    wecom: { corpTags: async () => [] },
    clear: engine.profile.clearTag,
    recompute,
    uses: async () => [],
  })
}
beforeAll(async () => {
  make()
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  make()
})

const settle = async (): Promise<void> => {
  clock.advance(3_000)
  await engine.sweep()
}
const at = (daysAgo = 0): Date => new Date(clock.now() - daysAgo * day)
const person = async (reps: readonly string[] = ['lina']): Promise<string> => {
  const externalUserId = `wm_${++serial}`
  const who = identity('external_userid', externalUserId)
  const id = await engine.profile.ensureCustomer(who === null ? [] : [who])
  const contact = { externalUserId, name: `客户${serial}`, type: 1, gender: 0 }
  const follows = reps.map((userid, i) => ({ userid, createdAt: at(9 - i), tagIds: [], mobiles: [] }))
  await engine.told({ contact, follows }, at())
  await engine.drain()
  return id
}
const ordered = (customerId: string, daysAgo = 0): NewFact => ({
  id: `fact-${++serial}`,
  customerId,
  type: 'order.completed',
  at: at(daysAgo),
  source: 'ingest',
  payload: { orderId: `order-${serial}`, amount: 100, currency: 'CNY', products: [] },
})
const change = (customerId: string, over: Partial<TagChange>): TagChange => ({
  key: `key-${++serial}`,
  customerId,
  externalUserId: null,
  userid: null,
  add: [],
  remove: [],
  because: { code: 'tag.by_person', params: { by: '李娜' } },
  at: at(),
  source: 'rep',
  ...over,
})
const tagged = async (id: string, over: Partial<TagChange>): Promise<void> => {
  await engine.profile.tag(change(id, over))
  await engine.drain()
}
const shown = async (id: string) => {
  const doc = await engine.read.whole(id)
  if (doc === null) throw new Error(`no customer ${id}`)
  const names = new Map((await read().byIds(doc.tagIds)).map((tag) => [tag.id, tag]))
  return profileOf(doc, { members: new Map(), tags: names }, await engine.definitions.fresh(), clock.date()).tags
}
const on = async (id: string) => (await shown(id)).map(({ name }) => name).toSorted()
const trials = () => createTermsTrials({ clock, tagsRead: read(), trial: createTermsTrial(mongo.get()) })
/** What the rooms behind the profile are shown, carried to WeCom. */
const carry = async (): Promise<void> => {
  const marks = createTagMarks({
    view: engine.read.view,
    holdsOf: createHolds(mongo.get()).of,
    ruledOn: engine.read.ruledOn,
    tagsByIds: read().byIds,
    wantTag: async (want) => void wanted.push(want),
  })
  const seen = engine.matched.splice(0)
  for (const id of new Set(seen.map(({ customerId }) => customerId)))
    await marks.match(
      id,
      seen.filter(({ customerId }) => customerId === id),
    )
}
const removals = async (id: string) =>
  (await engine.timeline.list(id, { types: ['tag.removed'] })).map(({ payload, at: when }) => ({
    tag: payload.tag,
    code: payload.because[0]?.code,
    when,
  }))
const additions = async (id: string) =>
  (await engine.timeline.list(id, { types: ['tag.added'] })).map(({ payload }) => ({
    tag: payload.tag,
    code: payload.because[0]?.code,
  }))
const bought = (count: number, withinDays: number | null): Condition => ({
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count,
  withinDays,
})

describe('tag rules', () => {
  it('are tried on those who may be profiled, who alone get the tag', async () => {
    const { _id: tagId } = await tags.create({ name: '常客', group: '身份' })
    const [agreed, refused, silent] = [await person(), await person(), await person()]
    const said = (customerId: string, state: 'granted' | 'withdrawn'): NewFact => ({
      id: `consent-${++serial}`,
      customerId,
      type: 'consent.changed',
      at: at(1),
      source: 'rep',
      payload: { purpose: 'profiling', state, source: 'rep', by: 'lina' },
    })
    await engine.tell(said(agreed, 'granted'), said(refused, 'withdrawn'))
    await engine.tell(...[agreed, refused, silent].map((id) => ordered(id)))
    const input = { name: '一单', tagId, condition: bought(1, 30) }
    for (const [must, gets] of [
      [false, [agreed, silent]],
      [true, [agreed]],
    ] as const) {
      needsGrant = must
      const tried = await rules.dryRun(input, null, null)
      expect(tried).toMatchObject({ gets: gets.length, blocked: 0 })
      expect(tried.rows.map(({ view }) => view.id).toSorted()).toEqual([...gets].toSorted())
    }
    const { rule } = await rules.create(input, '主管')
    await rules.turn(rule._id, true, '主管')
    await settle()
    expect([await on(agreed), await on(refused), await on(silent)]).toEqual([['常客'], [], []])
  })

  it('are tried before they count, then keep a tag on by events and time, here and in WeCom, with why', async () => {
    const { _id: tagId } = await tags.create({ name: '常客', group: '身份' })
    const [two, one, off] = [await person(), await person(), await person(['wang', 'lina'])]
    await engine.tell(ordered(two, 1), ordered(two, 20), ordered(one), ordered(off), ordered(off))
    await tagged(off, { add: [tagId] })
    await tagged(off, { remove: [tagId] })
    const input = { name: '一月两单', tagId, condition: bought(2, 30) }
    expect(await rules.dryRun(input, null, null)).toMatchObject({
      gets: 1,
      keeps: 0,
      loses: 0,
      blocked: 1,
      rows: [
        { change: 'gets', view: { id: two }, because: [{ code: 'rule.event_within' }] },
        { change: 'blocked', view: { id: off }, because: [{ code: 'tag.taken_off' }, {}] },
      ],
    })
    const { rule } = await rules.create(input, '主管')
    await settle()
    expect(await on(two)).toEqual([])
    await rules.turn(rule._id, true, '主管')
    await settle()
    expect(await shown(two)).toMatchObject([
      {
        name: '常客',
        group: '身份',
        source: 'rule',
        by: '一月两单',
        because: [{ code: 'tag.by_tag_rule' }, { code: 'rule.event_within' }],
      },
    ])
    expect(await on(off)).toEqual([])
    expect(await rules.keptOn(rule, null)).toBe(1)
    await carry()
    expect(wanted).toMatchObject([{ userid: 'lina', add: [tagId], remove: [] }])
    await engine.profile.marked({ userid: 'lina', externalUserId: 'wm_1', add: ['et_常客'], remove: [] })

    await engine.tell(ordered(one))
    expect(await on(one)).toEqual(['常客'])
    expect(await rules.dryRun({ ...input, condition: bought(3, 30) }, rule._id, null)).toMatchObject({
      gets: 0,
      loses: 2,
    })
    clock.advance(11 * day)
    await engine.sweep()
    expect(await on(two)).toEqual([])
    expect((await removals(two))[0]).toMatchObject({ tag: '常客', code: 'tag.rule_over' })
    wanted.length = 0
    await carry()
    expect(wanted.filter(({ remove }) => remove.length > 0)).toMatchObject([
      { userid: 'lina', add: [], remove: [tagId] },
    ])
  })

  it('every save is a version; one that is on counts anew at once; removed, its tag goes', async () => {
    const { _id: tagId } = await tags.create({ name: '常客', group: '身份' })
    const id = await person()
    await engine.tell(ordered(id))
    const input = { name: '买过', tagId, condition: bought(2, null) }
    const { rule } = await rules.create(input, '主管')
    await rules.turn(rule._id, true, '主管')
    await settle()
    expect(await on(id)).toEqual([])
    await rules.update(rule._id, 1, { ...input, condition: bought(1, null) }, '副主管')
    await settle()
    expect(await on(id)).toEqual(['常客'])
    await expect(rules.update(rule._id, 1, input, '主管')).rejects.toMatchObject({ code: 'conflict.changed' })
    expect((await rules.versions(rule._id)).map(({ version, by }) => ({ version, by }))).toEqual([
      { version: 2, by: '副主管' },
      { version: 1, by: '主管' },
    ])
    await rules.remove(rule._id)
    await settle()
    expect(await on(id)).toEqual([])
  })

  it('that are changed say so: the reason is today’s, the day it came is not', async () => {
    const { _id: tagId } = await tags.create({ name: '常客', group: '身份' })
    const id = await person()
    await engine.tell(ordered(id), ordered(id))
    const input = { name: '买过', tagId, condition: bought(1, null) }
    const { rule } = await rules.create(input, '主管')
    await rules.turn(rule._id, true, '主管')
    await settle()
    const [before] = await shown(id)
    clock.advance(day)
    await rules.update(rule._id, 1, { ...input, name: '买过两次', condition: bought(2, null) }, '主管')
    await settle()
    const [after] = await shown(id)
    expect(after).toMatchObject({ by: '买过两次', since: before?.since })
    expect(after?.because).toMatchObject([{}, { params: { value: 2 } }])
    expect(await additions(id)).toHaveLength(1)
    await engine.tell(ordered(id))
    expect((await shown(id))[0]).toEqual(after)
  })

  it('whose tag is changed take the old one off everybody, which the dry run tells, whether they meet it or not', async () => {
    const [old, other] = [
      await tags.create({ name: '旧名', group: '身份' }),
      await tags.create({ name: '新名', group: '身份' }),
    ]
    const [often, seldom] = [await person(), await person()]
    await engine.tell(ordered(often), ordered(often), ordered(seldom))
    const input = { name: '买过', tagId: old._id, condition: bought(1, null) }
    const { rule } = await rules.create(input, '主管')
    await rules.turn(rule._id, true, '主管')
    await settle()
    expect([await on(often), await on(seldom)]).toEqual([['旧名'], ['旧名']])
    await tagged(seldom, { add: [other._id] })
    const changed = { ...input, tagId: other._id, condition: bought(2, null) }
    const dry = await rules.dryRun(changed, rule._id, null)
    expect(dry).toMatchObject({ gets: 1, keeps: 0, loses: 2, blocked: 0 })
    expect(dry.rows.filter(({ change: what }) => what === 'loses').map(({ because }) => because)).toEqual(
      [often, seldom].map(() => [{ code: 'tag.rule_other_tag', params: { tag: '旧名' } }]),
    )
    await rules.update(rule._id, 1, changed, '主管')
    await settle()
    expect([await on(often), await on(seldom)]).toEqual([['新名'], ['新名']])
    expect([await removals(often), await removals(seldom)].flat().map(({ tag }) => tag)).toEqual(['旧名', '旧名'])
  })

  it('that ask for each other, or for what is gone, are refused', async () => {
    const [{ _id: a }, { _id: b }] = [
      await tags.create({ name: '甲', group: '圈' }),
      await tags.create({ name: '乙', group: '圈' }),
    ]
    const make = async (tagId: string, other: string) =>
      (await rules.create({ name: `问${other}`, tagId, condition: { type: 'tag', tagId: other, tag: other } }, '主管'))
        .rule._id
    const [first, second] = [await make(a, b), await make(b, a)]
    await rules.turn(first, true, '主管')
    await expect(rules.turn(second, true, '主管')).rejects.toMatchObject({ code: 'tag_rule.circle' })
    const gone: Condition = { type: 'segment', segmentId: 'seg_gone', segment: '老人群' }
    const third = await rules.create({ name: '人群', tagId: a, condition: gone }, '主管')
    await expect(rules.turn(third.rule._id, true, '主管')).rejects.toMatchObject({
      code: 'tag_rule.unknown',
      params: { name: '老人群' },
    })
    const lost: Condition = { type: 'not', of: { type: 'tag', tagId: 'tag_gone', tag: '黑名单' } }
    const fourth = await rules.create({ name: '没拉黑', tagId: a, condition: lost }, '主管')
    await expect(rules.turn(fourth.rule._id, true, '主管')).rejects.toMatchObject({ params: { name: '黑名单' } })
    await expect(rules.create({ name: '无', tagId: 'tag_none', condition: gone }, '主管')).rejects.toMatchObject({
      code: 'tag_rule.no_tag',
    })
  })
})

describe('groups of which one tag is on', () => {
  it('the newest stays, the others go here and in WeCom, whatever comes first; switched on it counts for all', async () => {
    const low = await tags.create({ name: '低', group: '意向' })
    const high = await tags.create({ name: '高', group: '意向' })
    const id = await person(['wang', 'lina'])
    await tagged(id, { add: [high._id], at: at(1) })
    await tagged(id, { add: [low._id], at: at(3) })
    expect(await on(id)).toEqual(['低', '高'])
    const [group] = (await read().board()).groups
    await tags.setExclusive(group?.id ?? '', true)
    expect((await read().board()).groups[0]).toMatchObject({ exclusive: true })
    await settle()
    expect(await on(id)).toEqual(['高'])
    expect(await removals(id)).toMatchObject([{ tag: '低', code: 'tag.exclusive' }])
    await carry()
    expect(wanted).toMatchObject([{ userid: 'lina', add: [], remove: [low._id] }])

    wanted.length = 0
    const view = await engine.read.view(id)
    await engine.profile.marked({
      userid: 'wang',
      externalUserId: view?.externalUserId ?? '',
      add: ['et_高'],
      remove: [],
    })
    await tagged(id, { add: [low._id] })
    expect(await on(id)).toEqual(['低'])
    await carry()
    expect(wanted.flatMap(({ userid, remove }) => remove.map((tag) => [userid, tag])).toSorted()).toEqual(
      [
        ['lina', high._id],
        ['wang', high._id],
      ].toSorted(),
    )
  })

  it('what somebody put on comes before rules, and the first rule before the next', async () => {
    const [low, high] = [
      await tags.create({ name: '低', group: '频次' }),
      await tags.create({ name: '高', group: '频次' }),
    ]
    const [group] = (await read().board()).groups
    await tags.setExclusive(group?.id ?? '', true)
    const id = await person()
    await engine.tell(ordered(id), ordered(id))
    for (const [tag, count] of [
      [high, 2],
      [low, 1],
    ] as const) {
      const { rule } = await rules.create({ name: tag.name, tagId: tag._id, condition: bought(count, null) }, '主管')
      await rules.turn(rule._id, true, '主管')
      clock.advance(1)
    }
    await settle()
    expect(await on(id)).toEqual(['高'])
    await tagged(id, { add: [low._id] })
    expect(await shown(id)).toMatchObject([{ name: '低', source: 'rep', by: '李娜' }])
    expect(await rules.dryRun({ name: 'x', tagId: high._id, condition: bought(2, null) }, null, null)).toMatchObject({
      gets: 0,
      blocked: 1,
      rows: [{ because: [{ code: 'tag.other_of_group' }, {}] }],
    })
  })
})

describe('tags that expire', () => {
  it('go off to the moment by due time, told in the timeline and to WeCom', async () => {
    const tag = await tags.create({ name: '大促', group: '活动' })
    await tags.setExpiry(tag._id, { days: 7 })
    const [id, untouched] = [await person(), await person()]
    await settle()
    await tagged(id, { add: [tag._id] })
    const put = clock.now()
    expect(await shown(id)).toMatchObject([{ expiresAt: new Date(put + 7 * day).toISOString() }])
    const before = await engine.read.whole(untouched)
    clock.advance(7 * day - 1_000)
    await engine.sweep()
    expect(await on(id)).toEqual(['大促'])
    clock.advance(2_000)
    await engine.sweep()
    expect(await on(id)).toEqual([])
    expect(await removals(id)).toEqual([{ tag: '大促', code: 'tag.expired', when: new Date(put + 7 * day) }])
    await carry()
    expect(wanted).toMatchObject([{ userid: 'lina', remove: [tag._id] }])
    expect((await engine.read.whole(untouched))?.rev).toBe(before?.rev)
    await tagged(id, { add: [tag._id] })
    expect(await on(id)).toEqual(['大促'])
    await tags.setExpiry(tag._id, { at: new Date(clock.now() + day) })
    await settle()
    clock.advance(day)
    await engine.sweep()
    expect(await on(id)).toEqual([])
    await tags.setExpiry(tag._id, null)
    expect(await read().terms()).toEqual({ exclusive: [], expiry: {} })
  })
})

describe('tags that stand again because what holds for them was changed', () => {
  it('after a longer or lifted expiry are told, and marked in WeCom, once', async () => {
    const tag = await tags.create({ name: '大促', group: '活动' })
    await tags.setExpiry(tag._id, { days: 7 })
    const id = await person()
    await settle()
    await tagged(id, { add: [tag._id] })
    clock.advance(8 * day)
    await engine.sweep()
    expect(await on(id)).toEqual([])
    await carry()
    wanted.length = 0
    const kept = await person()
    await tagged(kept, { add: [tag._id], at: at(3) })
    const wouldBe = (expiry: { days: number } | null) => trials()({ tagId: tag._id, expiry })
    expect(await wouldBe({ days: 30 })).toEqual({ gets: 1, loses: 0 })
    expect(await wouldBe(null)).toEqual({ gets: 1, loses: 0 })
    expect(await wouldBe({ days: 2 })).toEqual({ gets: 0, loses: 1 })
    await tags.setExpiry(tag._id, { days: 30 })
    await settle()
    expect(await on(id)).toEqual(['大促'])
    expect(await additions(id)).toEqual([
      { tag: '大促', code: 'tag.returned' },
      { tag: '大促', code: 'tag.by_person' },
    ])
    await carry()
    expect(wanted).toMatchObject([{ userid: 'lina', add: [tag._id], remove: [] }])
    clock.advance(30 * day)
    await engine.sweep()
    expect(await on(id)).toEqual([])
    expect((await removals(id)).map(({ code }) => code)).toEqual(['tag.expired', 'tag.expired'])
    // Put on again by hand it is that person's word, told once.
    await tagged(id, { add: [tag._id] })
    expect((await additions(id)).map(({ code }) => code)).toEqual(['tag.by_person', 'tag.returned', 'tag.by_person'])
  })

  it('when a group may have several again; not when the one that displaced it is deleted', async () => {
    const low = await tags.create({ name: '低', group: '意愿' })
    const high = await tags.create({ name: '高', group: '意愿' })
    const id = await person()
    const groupId = (await read().board()).groups[0]?.id ?? ''
    await tags.setExclusive(groupId, true)
    await settle()
    await tagged(id, { add: [low._id], at: at(2) })
    await tagged(id, { add: [high._id], at: at(1) })
    expect(await on(id)).toEqual(['高'])
    expect(await trials()({ groupId, exclusive: false })).toEqual({ gets: 1, loses: 0 })
    await tags.setExclusive(groupId, false)
    await settle()
    expect(await on(id)).toEqual(['低', '高'])
    expect((await additions(id))[0]).toEqual({ tag: '低', code: 'tag.returned' })
    expect(await trials()({ groupId, exclusive: true })).toEqual({ gets: 0, loses: 1 })
    await tags.setExclusive(groupId, true)
    await settle()
    await tags.remove(high._id)
    await settle()
    clock.advance(20_000)
    await tags.jobs['tags.work']()
    await engine.drain()
    expect(await on(id)).toEqual([])
    expect((await additions(id)).filter(({ code }) => code === 'tag.returned')).toHaveLength(1)
  })

  it('a deleted tag does not, whatever kept it off', async () => {
    const [old, low, high] = [
      await tags.create({ name: '老', group: '别的' }),
      await tags.create({ name: '低', group: '意愿' }),
      await tags.create({ name: '高', group: '意愿' }),
    ]
    const id = await person()
    const groupId = (await read().board()).groups.find(({ name }) => name === '意愿')?.id ?? ''
    await tags.setExclusive(groupId, true)
    await tags.setExpiry(old._id, { days: 1 })
    await settle()
    for (const [tag, days] of [
      [old, 3],
      [low, 2],
      [high, 1],
    ] as const)
      await tagged(id, { add: [tag._id], at: at(days) })
    expect(await on(id)).toEqual(['高'])
    for (const { _id } of [old, low]) await tags.remove(_id)
    clock.advance(20_000)
    await tags.jobs['tags.work']()
    await engine.drain()
    await tags.setExclusive(groupId, false)
    await settle()
    expect(await on(id)).toEqual(['高'])
  })
})

describe('what models find', () => {
  it('is a tag with the model and how sure it is, once a run, and never overrules a person', async () => {
    const tag = await tags.create({ name: '价格敏感', group: '偏好' })
    const [fresh, kept, off] = [await person(), await person(), await person()]
    await tagged(kept, { add: [tag._id] })
    await tagged(off, { add: [tag._id] })
    await tagged(off, { remove: [tag._id] })
    const find = tagByModel({
      read: engine.read,
      tagNames: async (ids) => new Map((await read().byIds(ids)).map((one) => [one.id, one])),
      tag: engine.profile.tag,
      clock,
      audit: createAudit({ mongo: mongo.get(), clock, newId: engine.newId }),
    })
    const external = (await engine.read.view(off))?.externalUserId ?? ''
    const items = [fresh, kept, external, 'nobody'].map((customer) => ({
      customer,
      tagId: tag._id,
      on: true,
      confidence: 0.82,
    }))
    const run = { key: 'run-1', model: '价格模型', items }
    expect(await find(manager, run)).toEqual({ changed: 1, same: 1, held: 1, unknown: ['nobody'] })
    await engine.drain()
    expect(await shown(fresh)).toMatchObject([{ source: 'model', by: '价格模型', confidence: 0.82 }])
    expect(await on(off)).toEqual([])
    expect(await find(manager, { ...run, key: 'run-2' })).toMatchObject({ changed: 0, same: 2 })
    expect(await engine.read.countByKind(tag._id)).toEqual(
      new Map([
        ['model', 1],
        ['rep', 1],
      ]),
    )
    clock.advance(1_000)
    const told = { customer: fresh, tagId: tag._id, on: true, confidence: 0.82, why: '只在打折时下单' }
    const newer = { key: 'run-2b', model: '价格模型', version: '2026-03', items: [told] }
    expect(await find(manager, newer)).toMatchObject({ changed: 1 })
    await engine.drain()
    expect(await find(manager, { ...newer, key: 'run-2c' })).toMatchObject({ changed: 0, same: 1 })
    expect((await shown(fresh))[0]).toMatchObject({
      by: '价格模型',
      confidence: 0.82,
      because: [
        { code: 'tag.by_model' },
        { code: 'tag.model_version', params: { version: '2026-03' } },
        { code: 'tag.model_why', params: { why: '只在打折时下单' } },
      ],
    })
    const none = items.slice(0, 2).map((item) => ({ ...item, on: false }))
    expect(await find(manager, { ...run, key: 'run-3', items: none })).toMatchObject({ changed: 1, held: 1 })
    await engine.drain()
    expect(await on(fresh)).toEqual([])
    await expect(
      find(manager, { ...run, items: [{ customer: fresh, tagId: 'tag_none', on: true, confidence: 1 }] }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })
})
