import { beforeEach, expect, it } from 'vitest'
import { graphProblems, hurriedSends } from '../../../server/rules/check/graph.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { auditModel } from '../../../server/audit/audit.model.ts'
import { installPlaybook } from '../../../server/commands/install-playbook.ts'
import { createContents } from '../../../server/content/contents.ts'
import { createCoupons } from '../../../server/coupons/coupons.ts'
import { compile } from '../../../server/content/template.ts'
import { createIds } from '../../../server/platform/id.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { createPlaybookParts } from '../../../server/playbooks/parts.ts'
import { createRuleStore } from '../../../server/rules/rules.ts'
import { createTalkTracks } from '../../../server/talk/talk-tracks.ts'
import { rulesOf, trades, type PlaybookRuleId, type Trade } from '../../../shared/playbooks.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const manager: SignedIn = { kind: 'member', userid: 'lead', name: '主管', role: 'manager', scope: null }

const setUp = () => {
  const clock = movableClock()
  const newId = createIds(clock)
  const ground = { mongo: mongo.get(), clock, newId }
  const coupons = createCoupons(ground)
  const contents = createContents({ ...ground, couponOf: coupons.factsOf })
  const talkTracks = createTalkTracks({
    ...ground,
    check: async (text) => void compile(text, await contents.catalog()),
  })
  const store = createRuleStore({ ...ground, zone: 'Asia/Shanghai' })
  const parts = createPlaybookParts(ground)
  const install = installPlaybook({
    parts,
    contents,
    coupons,
    talkTracks,
    rules: { store },
    newId,
    audit: createAudit(ground),
  })
  return { clock, coupons, contents, talkTracks, store, parts, install }
}
const entries = () => auditModel(mongo.get().connection).find().lean()

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
})

const all = (trade: Trade): PlaybookRuleId[] => rulesOf(trade)

it.each(trades.map((trade) => [trade.id, trade] as const))(
  'makes the contents, talk tracks and draft rules of %s, with nothing wrong in them and one entry in the audit',
  async (id, trade) => {
    const { install, store, contents, talkTracks, parts } = setUp()
    await mongo.indexes()
    const made = await install(manager, trade, all(trade), 'zh')
    expect(made.rules.map(({ key }) => key)).toEqual(rulesOf(trade))
    const rules = await Promise.all(made.rules.map((rule) => store.get(rule.id)))
    for (const rule of rules) {
      expect(rule).toMatchObject({ status: 'draft', version: 1, updatedBy: '主管' })
      expect(graphProblems(rule.steps)).toEqual([])
      expect(hurriedSends(rule.steps, 24)).toEqual([])
      const sent = rule.steps.flatMap((step) => (step.type === 'send' ? [step.contentId] : []))
      expect(await contents.find(sent)).toHaveLength(new Set(sent).size)
    }
    expect(rules.filter(({ recall }) => recall).map(({ name }) => name)).toHaveLength(3)
    expect((await talkTracks.list()).length).toBe(trade.talk.length)
    expect((await parts.of(id)).get('rule:welcome')).toBe(made.rules[0]?.id)
    expect(await entries()).toMatchObject([
      {
        act: 'playbook.install',
        subject: `playbook:${id}`,
        by: 'lead',
        detail: { rules: made.rules.map((one) => one.id) },
      },
    ])
  },
)

it('makes nothing twice: not when it is asked again, nor by two people at once, nor in another language', async () => {
  const { install, store, contents, talkTracks } = setUp()
  await mongo.indexes()
  const [trade] = trades
  if (trade === undefined) throw new Error('no playbook')
  const first = await install(manager, trade, ['welcome'], 'zh')
  expect(first.rules.map(({ existed }) => existed)).toEqual([false])
  const [one, other] = await Promise.all([
    install(manager, trade, all(trade), 'zh'),
    install(manager, trade, all(trade), 'en'),
  ])
  expect(one.rules.map(({ id }) => id)).toEqual(other.rules.map(({ id }) => id))
  expect(one.rules[0]).toMatchObject({ id: first.rules[0]?.id, existed: true })
  for (const [index, { existed }] of one.rules.entries()) {
    const by = [existed, other.rules[index]?.existed]
    expect(by.filter((there) => there === false)).toHaveLength(index === 0 ? 0 : 1)
  }
  expect(await store.list()).toHaveLength(rulesOf(trade).length)
  expect(await contents.list()).toHaveLength(new Set(one.contents.map(({ id }) => id)).size)
  expect(await talkTracks.list()).toHaveLength(trade.talk.length)
  const again = await install(manager, trade, all(trade), 'zh')
  expect([...again.rules, ...again.contents, ...again.talkTracks].every(({ existed }) => existed)).toBe(true)
})

it('makes again what somebody has deleted, and leaves alone what they have changed', async () => {
  const { install, contents, talkTracks } = setUp()
  const [trade] = trades
  if (trade === undefined) throw new Error('no playbook')
  const { contents: made, talkTracks: lines } = await install(manager, trade, ['welcome'], 'zh')
  const [content, line] = [made[0]?.id ?? '', lines[0]?.id ?? '']
  await contents.update(content, { name: '自己的话', body: { text: '您好', attachments: [] }, variants: [] }, '主管')
  await talkTracks.remove(line)
  const again = await install(manager, trade, ['welcome'], 'zh')
  expect((await contents.get(content)).name).toBe('自己的话')
  expect(again.talkTracks.map(({ existed }) => existed)).toEqual([false, ...lines.slice(1).map(() => true)])
  expect(await talkTracks.find(line)).not.toBeNull()
})

it.each(trades.map((trade) => [trade.id, trade] as const))(
  'the offer of %s carries a code of the batch that was chosen, in both languages and for the best as well',
  async (_id, trade) => {
    const { install, contents, coupons } = setUp()
    await mongo.indexes()
    const batch = await coupons.create({ name: '老客券', value: '满 300 减 60', expiresAt: null, lowAt: 0 }, '主管')
    await coupons.add(batch._id, 'ZY-1\nZY-2')
    const { contents: made } = await install(manager, trade, ['silent_30'], 'zh', batch._id)
    const items = await contents.find(made.map(({ id }) => id))
    const [offer] = items.filter(({ couponId }) => couponId === batch._id)
    if (offer === undefined) throw new Error('no offer')
    for (const tier of ['A', 'B'] as const) {
      const who = { tier, stage: null, segmentIds: [] }
      const said = await contents.render(offer.id, who, { known: { 'customer.name': '陈琳' }, attrs: [] })
      const body = said?.body ?? null
      expect(body?.text).toContain('满 300 减 60')
      const [sent] = await coupons.handOut([{ key: `to-${tier}`, body }])
      expect(sent?.body?.text).toMatch(/ZY-[12]/)
    }
    // What greets without offering anything carries none.
    expect(items.filter(({ couponId }) => couponId === null)).toHaveLength(items.length - 1)
  },
)

it('takes no batch whose codes nobody would get any more', async () => {
  const { install, coupons, clock, store } = setUp()
  await mongo.indexes()
  const [trade] = trades
  if (trade === undefined) throw new Error('no playbook')
  const expiresAt = new Date(clock.now() + 1000).toISOString()
  const { _id } = await coupons.create({ name: '旧券', value: '九折', expiresAt, lowAt: 0 }, '主管')
  clock.advance(2000)
  await expect(install(manager, trade, ['silent_30'], 'zh', _id)).rejects.toMatchObject({
    code: 'playbook.coupon_over',
  })
  await expect(install(manager, trade, ['silent_30'], 'zh', 'none')).rejects.toMatchObject({ code: 'not_found' })
  expect(await store.list()).toEqual([])
})
