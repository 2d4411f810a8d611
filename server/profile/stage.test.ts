import { describe, expect, it } from 'vitest'
import { StageSettings } from '@zhiyin/shared/stage'
import { say } from '@zhiyin/shared/because'
import { rhythmOf } from './rhythm.ts'
import type { Signals } from './signals.ts'
import { stageAt, stageBoundaries } from './stage.ts'
import { stageTakes } from './stage-takes.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const ago = (days: number): Date => new Date(now.getTime() - days * day)
const settings = StageSettings.parse({})

const signals = (given: {
  contact?: number
  orders?: readonly number[]
  seen?: number
  reply?: number
  many?: number
  deleted?: number
}): Signals => {
  const orders = [...(given.orders ?? [])]
    .sort((a, b) => b - a)
    .map((days) => ({ at: ago(days), net: 100, categories: [], product: null }))
  const seen = given.seen ?? Math.min(...(given.orders ?? []), given.contact ?? Infinity, given.reply ?? Infinity)
  const today = Math.floor(now.getTime() / day)
  return {
    firstContactAt: given.contact === undefined ? null : ago(given.contact),
    firstReplyAt: given.reply === undefined ? null : ago(given.reply),
    lastSeenAt: Number.isFinite(seen) ? ago(seen) : null,
    orders,
    firstOrderAt: orders[0]?.at ?? null,
    lastOrderAt: orders.at(-1)?.at ?? null,
    spend: 100 * orders.length,
    ...rhythmOf(orders.map(({ at }) => at)),
    interactions:
      given.many === undefined ? [] : Array.from({ length: given.many }, (_, hash) => (today - 1) * 2 ** 32 + hash),
    deletedAllAt: given.deleted === undefined ? null : ago(given.deleted),
  }
}

describe('stageAt', () => {
  it.each([
    ['potential', 'known only', {}, 'stage.never_interacted'],
    ['potential', 'looks around, never spoke', { seen: 2, many: 20 }, 'stage.never_interacted'],
    ['new', 'added yesterday', { contact: 1 }, 'stage.first_contact'],
    ['new', 'bought yesterday without a contact', { orders: [1] }, 'stage.first_order'],
    ['active', '10 interactions', { contact: 2, seen: 0, many: 10 }, 'stage.many_interactions'],
    ['active', 'inside their own cycle', { contact: 200, orders: [95, 65, 35, 5] }, 'stage.own_rhythm'],
    ['active', 'answers, has not bought', { contact: 50, reply: 3 }, 'stage.in_touch'],
    ['mature', 'repeat buyer', { contact: 100, orders: [90, 20] }, 'stage.repeat_buyer'],
    ['mature', 'bought once, seen lately', { contact: 100, orders: [60], seen: 3 }, 'stage.once_buyer'],
    ['silent', '30 days', { contact: 30 }, 'stage.silent_days'],
    ['new', 'a moment before 30 days', { contact: 29.999 }, 'stage.first_contact'],
    ['silent', 'twice their own 10 days', { contact: 100, orders: [51, 41, 31, 21] }, 'stage.silent_rhythm'],
    [
      'mature',
      '40 days of silence within a rhythm of 30',
      { contact: 400, orders: [130, 100, 70, 40] },
      'stage.repeat_buyer',
    ],
    ['lost', '90 days', { contact: 90 }, 'stage.lost_days'],
    ['lost', 'deleted every rep', { contact: 5, deleted: 1 }, 'stage.lost_deleted'],
  ] as const)('%s: %s', (stage, _why, given, code) => {
    const answer = stageAt(signals(given), settings, now)
    expect([answer.stage, answer.because[0]?.code]).toEqual([stage, code])
    for (const reason of answer.because) expect(say(reason, 'zh', 'Asia/Shanghai')).not.toContain('…')
  })

  it('uses the company’s figure when there are too few orders for a rhythm', () => {
    const few = signals({ contact: 100, orders: [41, 31, 21] })
    expect(stageAt(few, settings, now).stage).toBe('mature')
    expect(stageAt(few, { ...settings, rhythmMinOrders: 3 }, now).stage).toBe('silent')
  })

  it('names every moment at which time alone changes it', () => {
    const one = signals({ contact: 0 })
    const moments = stageBoundaries(one, settings, now).map((at) => (at.getTime() - now.getTime()) / day)
    expect([...moments].sort((a, b) => a - b)).toEqual([30, 30, 90])
  })
})

describe('rhythmOf', () => {
  it('takes the median gap of the newest purchases; orders of one basket are one', () => {
    expect(rhythmOf([100, 90, 80.2, 80, 60].map(ago))).toEqual({ medianGapDays: 10, purchases: 4 })
    expect(rhythmOf([ago(1)])).toEqual({ medianGapDays: null, purchases: 1 })
  })
})

describe('what a stage takes', () => {
  const said = (given: Parameters<typeof signals>[0], stage: Parameters<typeof stageTakes>[2]) =>
    stageTakes(signals(given), settings, stage).map((reason) => say(reason, 'zh', 'Asia/Shanghai'))

  it('is said in the numbers of the settings, and of their own rhythm where that counts', () => {
    expect(said({ contact: 90 }, 'active')).toEqual(['30 天内互动满 10 次'])
    expect(said({ orders: [80, 60, 40, 20] }, 'active')).toEqual([
      '30 天内互动满 10 次',
      '或者下一单：其购买周期是 20 天',
    ])
    expect(said({ orders: [40] }, 'mature')).toEqual(['下过单（现在 1 单）、过了 30 天新客期，且 30 天内有互动'])
    expect(said({}, 'new')).toEqual(['首次添加或首次下单后的 30 天内'])
    expect(said({ contact: 1 }, 'lost')).toEqual([])
  })
})
