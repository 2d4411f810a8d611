import { RecallForm } from '@zhiyin/shared/recall'
import { describe, expect, it } from 'vitest'
import { gapsOfRecall, startForm } from './draft.ts'
import { recallWords } from './sentence.ts'

const nameOf = (id: string): string => ({ hello: '好久不见', offer: '老客券' })[id] ?? id
const start = startForm('沉默召回', '打个电话')
const filled: RecallForm = {
  ...start,
  ladders: start.ladders.map(({ gentle, coupon, ...rest }) => ({
    ...rest,
    gentle: gentle && { contentId: 'hello' },
    coupon: coupon && { ...coupon, contentId: 'offer' },
  })),
}

describe('a recall form being filled in', () => {
  it('lacks its contents at the start, and nothing once they are chosen', () => {
    expect(gapsOfRecall(start)).toEqual(['content'])
    expect(gapsOfRecall(filled)).toEqual([])
    expect(RecallForm.safeParse(filled).success).toBe(true)
  })

  it('says all that is missing, each once', () => {
    const nothing = { tier: 'A' as const, gentle: null, coupon: null, call: null }
    const call = { title: ' ', afterDays: 1 }
    const stage = { type: 'stage' as const, stages: [] }
    expect(gapsOfRecall({ ...filled, name: ' ', when: stage, ladders: [nothing, { ...nothing, call }] })).toEqual([
      'name',
      'stages',
      'rungs',
      'title',
    ])
    expect(gapsOfRecall({ ...filled, when: { type: 'silent', minDays: 30, maxDays: 30 }, ladders: [] })).toEqual([
      'maxDays',
      'tiers',
    ])
  })

  it('reads as sentences', () => {
    expect(recallWords(filled, nameOf, 'zh')).toEqual({
      who: '每天 10:00 找出 30 到 90 天没有互动的客户：',
      ladders: [
        'A 层：发「好久不见」，再过 3 天请顾问「打个电话」',
        'B 层：发「好久不见」，再过 4 天发优惠「老客券」，再过 5 天请顾问「打个电话」',
        'C 层：发「好久不见」，再过 4 天发优惠「老客券」',
      ],
      ends: '客户下单或回复或表示不想再收到就停；结束后 60 天内不再进入，只在工作日发，10% 留作对照。',
    })
    const one: RecallForm = {
      ...filled,
      when: { type: 'rhythm', factor: 1.5 },
      tags: [{ id: 't', name: 'Tea' }],
      ladders: filled.ladders.slice(2),
      stopOn: [],
      againDays: 0,
      workdays: false,
      holdoutPercent: 0,
    }
    expect(recallWords(one, nameOf, 'en')).toEqual({
      who: 'Every day at 10:00, whoever last bought 1.5× their own rhythm ago, with the tag “Tea”:',
      ladders: ['C: send “好久不见”, after 4 more days send the offer “老客券”'],
      ends: 'It does not stop early; again at once when it is over.',
    })
  })
})
