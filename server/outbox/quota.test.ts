import { describe, expect, it } from 'vitest'
import { quotaUsed, quotaWindow } from './quota.ts'
import type { Receipt } from './receipts.ts'

const zone = 'Asia/Shanghai'
const names = new Map([['wang', '王伟']])
const at = (iso: string): Date => new Date(iso)

describe('the window of a quota', () => {
  it.each([
    // 2026-03-04 is a Wednesday.
    ['day', '2026-03-04T04:00:00Z', '2026-03-03T16:00:00.000Z', 9],
    ['week', '2026-03-04T04:00:00Z', '2026-03-01T16:00:00.000Z', 9],
    ['week', '2026-03-08T15:59:00Z', '2026-03-01T16:00:00.000Z', 9],
    ['week', '2026-03-08T16:00:00Z', '2026-03-08T16:00:00.000Z', 9],
    ['month', '2026-03-04T04:00:00Z', '2026-02-28T16:00:00.000Z', 9],
    ['month', '2026-02-28T15:00:00Z', '2026-01-31T16:00:00.000Z', 9],
  ] as const)('%s at %s begins %s', (period, now, since, limit) => {
    expect(quotaWindow({ period, count: 9 }, at(now), zone)).toMatchObject({ since: at(since), limit })
  })

  it('of a month allows as many as it has days, and no more than set', () => {
    expect(quotaWindow({ period: 'month', count: 31 }, at('2026-02-10T00:00:00Z'), zone).limit).toBe(28)
    expect(quotaWindow({ period: 'month', count: 4 }, at('2026-02-10T00:00:00Z'), zone).limit).toBe(4)
  })
})

describe('what uses a quota', () => {
  const window = quotaWindow({ period: 'day', count: 2 }, at('2026-03-04T04:00:00Z'), zone)
  const receipt = (over: Partial<Receipt>): Receipt => ({
    receiver: 'wm1',
    msgid: 'm1',
    userid: 'wang',
    at: at('2026-03-04T02:00:00Z'),
    kind: 'got',
    origin: 'member',
    ...over,
  })
  const ours = { intent: 'i1', day: window.from, mass: true }

  it.each([
    ['ours and one by hand', [ours], [receipt({})], 'block.quota_manual'],
    ['two of ours', [ours, { ...ours, intent: 'i2' }], [], 'block.platform_quota'],
    ['one of the admin console', [ours], [receipt({ origin: 'corp' })], 'block.quota_corp'],
    ['WeCom’s own word', [], [receipt({ kind: 'quota_used', origin: 'ours' })], 'block.quota_told'],
  ] as const)('%s', (_what, entries, receipts, code) => {
    expect(quotaUsed(window, { entries, receipts, names })).toMatchObject({ code })
  })

  it('nothing of yesterday, and no message that is not a mass message', () => {
    const entries = [{ ...ours, day: window.from - 1 }, { ...ours, intent: 'app', mass: false }, ours]
    const receipts = [receipt({ at: at('2026-03-03T15:00:00Z') })]
    expect(quotaUsed(window, { entries, receipts, names })).toBeNull()
  })
})
