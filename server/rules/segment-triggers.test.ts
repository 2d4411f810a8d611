import { describe, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { needsFresh, staleDays, Trigger } from '@zhiyin/shared/rule'
import { entryReasons, stillHolds } from './triggers.ts'

const now = new Date('2026-06-01T00:00:00Z')
const move = (type: 'segment.entered' | 'segment.left', segmentId: string): Fact => ({
  id: `${type}:${segmentId}`,
  customerId: 'c',
  // Long ago: what the profile found out late counts all the same.
  at: new Date('2026-05-01T00:00:00Z'),
  seenAt: now,
  source: 'system',
  type,
  payload: { segmentId, segment: '高价值沉默' },
})
const segments = [{ id: 'a', name: '高价值沉默' }]
const entered: Trigger = { type: 'segment.entered', segments }
const left: Trigger = { type: 'segment.left', segments }
const around = { now, added: null, zone: 'Asia/Shanghai' }
const standing = (ids: readonly string[]) => ({
  stage: { stage: 'active' as const, since: now, because: [] },
  tier: { tier: 'A' as const, since: now },
  segments: ids.map((id) => ({ id, since: now })),
})

describe('a rule that begins with a segment', () => {
  it('takes in who comes into it, or goes out of it, and says which', () => {
    expect(entryReasons(entered, move('segment.entered', 'a'), around)).toEqual([
      { code: 'rule.segment_entered', params: { segment: '高价值沉默' } },
    ])
    expect(entryReasons(left, move('segment.left', 'a'), around)).toEqual([
      { code: 'rule.segment_left', params: { segment: '高价值沉默' } },
    ])
    expect(entryReasons(entered, move('segment.entered', 'b'), around)).toBeNull()
  })

  it('takes in nobody who has gone out, or come back, meanwhile', () => {
    expect([stillHolds(entered, standing(['a'])), stillHolds(entered, standing([]))]).toEqual([true, false])
    expect([stillHolds(left, standing(['a'])), stillHolds(left, standing(['b']))]).toEqual([false, true])
  })
})

describe('a rule that begins with what happened', () => {
  it('takes in nobody for what was learned of days later, as its page says', () => {
    const trigger = Trigger.parse({ type: 'event', event: 'customer.replied' })
    const fact = (days: number): Fact => ({
      id: `replied:${days}`,
      customerId: 'c',
      at: new Date(now.getTime() - days * 86_400_000),
      seenAt: now,
      source: 'wecom',
      type: 'customer.replied',
      payload: { via: 'wecom' },
    })
    expect(entryReasons(trigger, fact(staleDays), around)).toHaveLength(1)
    expect(entryReasons(trigger, fact(staleDays + 0.01), around)).toBeNull()
    expect([needsFresh(trigger), needsFresh(entered)]).toEqual([true, false])
  })
})
