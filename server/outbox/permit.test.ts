import { because } from '@zhiyin/shared/because'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SendLimits } from '@zhiyin/shared/intent'
import { nextMoment, quietUntil } from '@zhiyin/shared/calendar'
import { zonedTime } from '@zhiyin/shared/zone'
import { buildView } from '../../test/support/sending.ts'
import { decide, type Asking } from './permit.ts'
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
  allowed: (from: Date, quiet: { from: string; to: string } | null, days: 'any' | 'workdays' | 'days_off') =>
    nextMoment(from, { quiet, days, isWorkday: () => true, zone }),
  view: buildView({ id: 'c1' }),
  heldOut: false,
  entries: [],
  receipts: [],
  names: new Map([['wang', '王伟']]),
}
const entry = (ago: number, intent = `x${ago}`, mass = true) => ({ intent, day: day - ago, mass })

describe('decide', () => {
  it.each([
    ['block.cap_day', { perDay: 1 }, [entry(0)], '2026-03-03T01:00:00Z'],
    // The one six days ago leaves the window tomorrow.
    ['block.cap_week', { perWeek: 2 }, [entry(1), entry(6)], '2026-03-03T01:00:00Z'],
    ['block.cap_month', { perMonth: 2 }, [entry(8), entry(29)], '2026-03-03T01:00:00Z'],
    ['block.cap_month', { perMonth: 2 }, [entry(8), entry(27)], null],
    ['block.cap_day', { perDay: 0 }, [], null],
    ['block.platform_quota', { perDay: 9 }, [entry(0)], '2026-03-03T01:00:00Z'],
    ['block.cap_channel_week', { perDay: 9, channels: { mass: { perWeek: 1 } } }, [entry(6)], '2026-03-03T01:00:00Z'],
    ['block.cap_channel_day', { perDay: 9, channels: { mass: { perDay: 1 } } }, [entry(0)], '2026-03-03T01:00:00Z'],
  ] as const)('%s %o: waits for the morning there is room, or is over before', (code, over, entries, until) => {
    const verdict = decide(asking, { ...around, limits: { ...around.limits, ...over }, entries: [...entries] })
    if (until === null) expect(verdict).toMatchObject({ kind: 'block', because: { code } })
    else expect(verdict).toMatchObject({ kind: 'wait', until: new Date(until), because: { code } })
    expect(verdict).toMatchObject({ lost: { reasons: [{ code }, {}] } })
  })

  it('counts welcome and robot messages only where they have a cap, and never against the others', () => {
    const channels = { welcome: { perDay: 1 }, robot: { perWeek: 1 } }
    const capped = { ...around, limits: { ...around.limits, channels } }
    const welcome: Asking = { ...asking, channel: 'welcome', code: 'c', _id: 'w' }
    const verdict = decide(welcome, capped)
    expect(verdict).toMatchObject({ kind: 'permit', count: { channel: 'welcome', mass: false } })
    expect(decide(welcome, around)).toEqual({ kind: 'permit', count: null })
    const had = [{ intent: 'w0', day, mass: false, channel: 'welcome' as const }]
    expect(decide(welcome, { ...capped, entries: had })).toMatchObject({
      kind: 'block',
      lost: { reasons: [{ code: 'block.cap_channel_day' }, { code: 'block.lost_drop' }] },
    })
    expect(decide(asking, { ...capped, entries: had })).toMatchObject({ kind: 'permit' })
    const said = [{ intent: 'r0', day: day - 6, mass: false, channel: 'robot' as const }]
    const robot: Asking = { ...asking, channel: 'robot', groupId: 'g' }
    expect(decide(robot, { ...capped, entries: said })).toMatchObject({
      kind: 'wait',
      lost: { reasons: [{ code: 'block.cap_channel_week', params: { channel: 'robot' } }, {}] },
    })
  })

  it('counts what a rep has not confirmed as today’s, for it may arrive today', () => {
    const open = { ...entry(2), until: day + 1, channel: 'mass' as const }
    expect(decide(asking, { ...around, entries: [open] })).toMatchObject({
      kind: 'wait',
      until: new Date('2026-03-03T01:00:00Z'),
    })
    expect(decide(asking, { ...around, entries: [{ ...open, until: day - 1 }] })).toMatchObject({ kind: 'permit' })
  })

  it.each([
    [{ priority: 90, value: 0 }, { priority: 50 }, 'block.lost_priority'],
    [{ priority: 50, value: 900 }, { expectedValue: 200 }, 'block.lost_value'],
    [{ priority: 50, value: 0 }, {}, 'block.lost_earlier'],
    // It had gone out before this one came.
    [{ priority: 10, value: 0 }, { priority: 50 }, 'block.lost_earlier'],
  ] as const)('says whom it made way for and why: %o against %o', (theirs, own, code) => {
    const by = { name: '生日', ruleId: 'r9', broadcastId: null, ...theirs }
    const verdict = decide({ ...asking, ...own }, { ...around, entries: [{ ...entry(0), by }] })
    expect(verdict).toMatchObject({
      lost: { to: { to: 'x0', name: '生日', ruleId: 'r9' }, reasons: [{}, { code, params: { winner: '生日' } }, {}] },
    })
  })

  it('is for the days it is for', () => {
    const isWorkday = (date: string): boolean => date !== '2026-03-02'
    const allowed: typeof around.allowed = (from, quiet, days) => nextMoment(from, { quiet, days, isWorkday, zone })
    expect(decide({ ...asking, days: 'workdays' }, { ...around, allowed })).toMatchObject({
      kind: 'wait',
      until: new Date('2026-03-03T01:00:00Z'),
      because: { code: 'block.days', params: { days: 'workdays' } },
    })
    expect(decide({ ...asking, days: 'days_off' }, { ...around, allowed })).toMatchObject({ kind: 'permit' })
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
    const overBecause = because('block.content_expired', { content: '问候', at: noon.getTime() })
    expect(decide({ ...late, overBecause }, around)).toEqual({ kind: 'block', because: overBecause })
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
