import { describe, expect, it } from 'vitest'
import { Because, because, say } from './index.ts'

const zone = 'Asia/Shanghai'

describe('a reason', () => {
  it('says days the way people do', () => {
    const added = (days: number) => because('stage.first_contact', { days, limit: 30 })
    expect(say(added(0), 'zh', zone)).toBe('今天首次添加，仍在 30 天新客期内')
    expect(say(added(1), 'zh', zone)).toBe('昨天首次添加，仍在 30 天新客期内')
    expect(say(added(12), 'zh', zone)).toBe('12 天前首次添加，仍在 30 天新客期内')
    expect(say(added(12), 'en', zone)).toBe('First contact 12 days ago, within the 30-day new period')
  })

  it('counts in English as people do', () => {
    const bought = (orders: number) =>
      because('tier.rfm', { r: 5, f: 1, m: 2, days: 3, orders, amount: 9900, window: 365 })
    expect(say(bought(1), 'en', zone)).toContain('last order 3 days ago, 1 order and ¥99')
    expect(say(bought(8), 'en', zone)).toContain('8 orders and ¥99')
    expect(say(because('rule.too_late', { hours: 1 }), 'en', zone)).toBe('1 hour late, after a stop or a pause')
  })

  it('prints an error code as it is', () => {
    expect(say(because('send.refused', { errcode: 41050, hint: '' }), 'zh', zone)).toBe('企业微信拒绝：41050 ')
  })

  it('tells moments by the clocks of the company, in winter and in summer', () => {
    const said = (at: string, where: string) => say(because('block.quota_told', { at: Date.parse(at) }), 'en', where)
    expect(said('2026-03-08T06:30:00Z', 'America/New_York')).toContain('8 Mar, 01:30')
    expect(said('2026-03-08T07:30:00Z', 'America/New_York')).toContain('8 Mar, 03:30')
    expect(said('2026-03-08T07:30:00Z', zone)).toContain('8 Mar, 15:30')
  })

  it('keeps a whole day of a profile what it is, west of Greenwich too', () => {
    const born = because('rule.attribute_date', { key: 'birthday', at: Date.parse('1990-08-03') })
    expect(say(born, 'zh', 'America/New_York')).toContain('8月3日')
    const moment = because('rule.attribute_date', { key: 'birthday', at: Date.parse('1990-08-03T02:00:00Z') })
    expect(say(moment, 'zh', 'America/New_York')).toContain('8月2日')
  })

  it('of a newer server does not break an open page', () => {
    const reason = Because.parse({ code: 'stage.of_tomorrow', params: { days: 3 } })
    expect(say(reason, 'zh', zone)).toBe('产品已更新，刷新页面可见原因')
    expect(say(reason, 'en', zone)).toBe('Updated meanwhile; reload the page to see why')
    expect(Because.parse(because('tier.no_order'))).toEqual(because('tier.no_order'))
  })
})
