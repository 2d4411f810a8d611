import { describe, expect, it } from 'vitest'
import { because } from './because/index.ts'
import type { TimelineItem } from './customer.ts'
import { factTypes, type FactPayload, type FactType } from './fact.ts'
import { langs } from './text.ts'
import { sayFact } from './timeline.ts'

const silent = because('stage.silent_days', { days: 32, limit: 30 })

const payloads: { [T in FactType]: FactPayload<T> } = {
  'contact.added': { userid: 'wang', channelName: '活动海报B' },
  'contact.deleted_by_rep': { userid: 'wang', transfer: true },
  'contact.deleted_by_customer': { userid: 'wang' },
  'contact.transfer_failed': { userid: 'wang', from: 'lina', reason: 'customer_refused' },
  'customer.replied': { via: 'rep', by: 'wang' },
  'order.completed': {
    orderId: 'o1',
    amount: 41_200,
    currency: 'CNY',
    products: [{ name: '舒缓精华', quantity: 2 }, { name: '面膜' }],
  },
  'order.updated': { orderId: 'SO-1', amount: 19800, currency: 'CNY', products: [] },
  'order.cancelled': { orderId: 'SO-1', reason: '不想要了' },
  'link.opened': { linkId: 'lnk1', url: 'https://shop.example/p/1', title: '舒缓精华' },
  'order.refunded': { orderId: 'o1', amount: 1_250, currency: 'USD' },
  'behavior.tracked': { name: 'Article Opened', properties: { title: '秋季护肤指南' } },
  'profile.identified': { traits: { city: '上海', loyalty_level: 3 }, source: 'rep', by: 'wang' },
  'consent.changed': {
    purpose: 'marketing',
    state: 'withdrawn',
    source: 'rep',
    by: 'wang',
    proof: { text: '别再发了' },
  },
  'tag.added': { tagId: 't1', tag: '敏感肌', because: [because('tag.by_channel', { channel: '海报' })] },
  'tag.removed': { tagId: 't1', tag: '敏感肌', because: [] },
  'stage.entered': { from: 'active', to: 'silent', because: [silent] },
  'tier.changed': { from: 'B', to: 'A', because: [] },
  'level.changed': { schemeId: 's1', scheme: '价值', from: '普通', to: 'VIP', because: [] },
  'segment.entered': { segmentId: 'g', segment: '高价值沉默' },
  'segment.left': { segmentId: 'g', segment: '高价值沉默' },
  'list.joined': { listId: 'g', list: '线下活动', by: 'wang' },
  'list.left': { listId: 'g', list: '线下活动', by: 'wang' },
  'group.joined': { chatId: 'g1', name: '会员群' },
  'group.left': { chatId: 'g1', quitScene: 1 },
  'group.invited': { chatId: 'g1', name: '会员群', guest: 'wm2', guestName: '小雨' },
  'rule.entered': { ruleId: 'r1', rule: '沉默召回', runId: 'x', heldOut: true, because: [] },
  'rule.left': { ruleId: 'r1', rule: '沉默召回', runId: 'x', outcome: 'goal', because: [] },
  'send.changed': { intentId: 'i1', channel: 'mass', state: 'waiting', preview: '在吗', because: [] },
  'task.created': { taskId: 'k1', title: '回访', userid: 'wang' },
  'task.done': { taskId: 'k1', title: '回访', userid: 'wang' },
  'note.written': { text: '喜欢温和的', by: 'wang' },
}

const itemOf = (type: string, payload: Record<string, unknown>): TimelineItem => ({
  id: type,
  type,
  at: '2026-08-03T01:00:00.000Z',
  source: 'system',
  payload,
  because: [],
  names: {},
})

const tell = (type: FactType, lang: 'zh' | 'en' = 'zh') =>
  sayFact(itemOf(type, payloads[type]), lang, 'UTC', { wang: '王敏' })

describe('sayFact', () => {
  it.each(factTypes.flatMap((type) => langs.map((lang) => [type, lang] as const)))('tells %s in %s', (type, lang) => {
    const { title, detail } = tell(type, lang)
    expect(title).not.toMatch(/[{}…]|Something else|其他动态/)
    expect(`${title} ${detail}`).not.toContain('undefined')
  })

  it('reads as the drawing does', () => {
    expect(tell('order.completed')).toEqual({ title: '下单 ¥412 · 舒缓精华 ×2、面膜', detail: '订单 o1' })
    expect(tell('tier.changed').title).toBe('层级 B → A')
    expect(tell('contact.added').title).toBe('通过「活动海报B」添加王敏')
    expect(tell('behavior.tracked').title).toBe('打开了文章《秋季护肤指南》')
    expect(tell('send.changed')).toEqual({ title: '企业群发（顾问确认）：等顾问确认', detail: '「在吗」' })
    expect(tell('profile.identified').title).toBe('更新了资料：城市、loyalty_level')
    const named = { 'attribute.loyalty_level': '会员等级' }
    const item = itemOf('profile.identified', payloads['profile.identified'])
    expect(sayFact(item, 'zh', 'UTC', named).title).toBe('更新了资料：城市、会员等级')
    const undone = itemOf('profile.identified', { traits: { city: null }, source: 'rep' })
    expect(sayFact(undone, 'zh', 'UTC').title).toBe('撤回了填写：城市')
    expect(tell('order.refunded').title).toBe('退款 USD 12.50')
    const products = [{ name: '面膜', quantity: 2 }]
    const refund = itemOf('order.refunded', { ...payloads['order.refunded'], products })
    expect(sayFact(refund, 'zh', 'UTC').title).toBe('退款 USD 12.50 · 面膜 ×2')
    const cancelled = itemOf('order.cancelled', { ...payloads['order.cancelled'], products })
    expect(sayFact(cancelled, 'zh', 'UTC')).toEqual({ title: '取消了订单 · 面膜 ×2', detail: '订单 SO-1 · 不想要了' })
  })

  it('puts the reasons beneath, from the item or from the payload', () => {
    expect(tell('stage.entered')).toEqual({ title: '阶段 活跃 → 沉默', detail: '沉默 32 天（阈值 30 天）' })
    const own = { ...itemOf('order.refunded', payloads['order.refunded']), because: [silent] }
    expect(sayFact(own, 'en', 'UTC').detail).toBe('Order o1 · Silent for 32 days (limit 30)')
  })

  it('names members by what the item brings, those nobody knows by what they are, never by an id', () => {
    const by = (userid: string, names: Record<string, string>) =>
      sayFact({ ...itemOf('contact.added', { userid }), names }, 'zh', 'UTC').title
    expect(by('chen', { chen: '陈晨' })).toBe('与陈晨成为好友')
    expect(by('zhang3', {})).toBe('与已离职成员成为好友')
    expect(sayFact(itemOf('note.written', { text: 'x', by: 'API key' }), 'zh', 'UTC').title).toBe('接口密钥写了备注')
  })

  it('names what it does not know instead of hiding it', () => {
    expect(sayFact(itemOf('lottery.won', {}), 'zh', 'UTC').title).toBe('其他动态（lottery.won）')
    expect(sayFact(itemOf('order.completed', { amount: 'many' }), 'en', 'UTC').title).toBe(
      'Something else (order.completed)',
    )
    expect(sayFact(itemOf('toString', {}), 'zh', 'UTC').title).toBe('其他动态（toString）')
  })
})
