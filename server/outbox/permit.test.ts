import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SendLimits } from '@zhiyin/shared/intent'
import { zonedTime } from '@zhiyin/shared/zone'
import { buildView } from '../../test/support/sending.ts'
import { decide, type Asking } from './permit.ts'
import { quietUntil } from './quiet.ts'
import { quotaWindow } from './quota.ts'

const zone = 'Asia/Shanghai'
const noon = new Date('2026-03-02T04:00:00Z')
const { day } = zonedTime(noon, zone)
const asking: Asking = {
  _id: 'i1',
  channel: 'mass',
  customerId: 'c1',
  externalUserId: 'wm',
  groupId: null,
  chatId: null,
  userid: 'wang',
  code: null,
  refusal: null,
  quietHours: null,
  expiresAt: new Date('2026-03-05T00:00:00Z'),
}
const around = {
  now: noon,
  zone,
  limits: SendLimits.parse({}),
  quota: quotaWindow({ period: 'day', count: 1 }, noon, zone),
  view: buildView({ id: 'c1' }),
  entries: [],
  receipts: [],
  names: new Map([['wang', '王伟']]),
}
const entry = (ago: number, intent = `x${ago}`, mass = true) => ({ intent, day: day - ago, mass })

describe('decide', () => {
  it.each([
    ['block.cap_day', { perDay: 1 }, [entry(0)]],
    ['block.cap_week', { perWeek: 2 }, [entry(1), entry(6)]],
    ['block.cap_month', { perMonth: 2 }, [entry(8), entry(29)]],
    ['block.platform_quota', { perDay: 9 }, [entry(0)]],
  ] as const)('holds back by %s', (code, over, entries) => {
    const verdict = decide(asking, { ...around, limits: { ...around.limits, ...over }, entries: [...entries] })
    expect(verdict).toMatchObject({ kind: 'block', because: { code } })
  })

  it('forgets what left the window, and knows its own permit again', () => {
    const limits = { ...around.limits, perWeek: 1, perMonth: 2 }
    expect(decide(asking, { ...around, limits, entries: [entry(7), entry(30)] })).toMatchObject({ kind: 'permit' })
    expect(decide(asking, { ...around, limits, entries: [entry(0, 'i1')] })).toEqual({ kind: 'permit', count: null })
  })

  it('needs a rep who still follows', () => {
    const gone = buildView({
      id: 'c1',
      follows: [{ userid: 'wang', state: 'deleted_by_customer', since: noon, channelId: null }],
    })
    for (const view of [null, gone])
      expect(decide(asking, { ...around, view })).toMatchObject({ because: { code: 'block.no_rep' } })
  })

  it('lets a welcome pass quiet hours and caps, but not a withdrawal', () => {
    const welcome: Asking = { ...asking, channel: 'welcome', code: 'c' }
    const night = { ...around, now: new Date('2026-03-02T18:00:00Z'), entries: [entry(0)] }
    expect(decide(welcome, night)).toEqual({ kind: 'permit', count: null })
    const view = buildView({ id: 'c1', consent: 'withdrawn' })
    expect(decide(welcome, { ...night, view })).toMatchObject({ because: { code: 'block.consent' } })
    expect(decide({ ...welcome, code: null }, night)).toMatchObject({ because: { code: 'block.no_welcome_code' } })
  })

  it('says expired when the time is over', () => {
    const late = { ...asking, expiresAt: noon }
    expect(decide(late, around)).toMatchObject({ because: { code: 'block.expired' } })
    expect(decide({ ...late, channel: 'welcome' }, around)).toMatchObject({
      because: { code: 'block.welcome_expired' },
    })
  })

  it('uses the rule’s own quiet hours before the company’s', () => {
    const quietHours = { from: '11:00', to: '13:00' }
    expect(decide({ ...asking, quietHours }, around)).toMatchObject({
      kind: 'wait',
      until: new Date('2026-03-02T05:00:00Z'),
    })
  })
})

it('quiet hours end after now, when the clock shows their end, and are over then', () => {
  const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(([h, m]) => {
    return `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`
  })
  fc.assert(
    fc.property(clock, clock, fc.integer({ min: 1.7e12, max: 1.9e12 }), (from, to, ms) => {
      const now = new Date(ms)
      const until = quietUntil(now, { from, to }, zone)
      if (until === null) return
      expect(until.getTime()).toBeGreaterThan(ms)
      expect(until.getTime() - ms).toBeLessThanOrEqual(86_400_000)
      expect(zonedTime(until, zone).clock).toBe(to)
      expect(quietUntil(until, { from, to }, zone)).toBeNull()
    }),
  )
})
