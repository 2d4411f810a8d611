import type { RecallForm, RecallLadder } from '@zhiyin/shared/recall'
import { tiers, type Tier } from '@zhiyin/shared/tier'

/** What a form still lacks, by the word the page has for it. */
export type RecallGap = 'name' | 'stages' | 'maxDays' | 'tiers' | 'rungs' | 'content' | 'title'

/** A ladder as it is first offered; a content still to be chosen has no id. */
export const startLadder = (tier: Tier, call: string): RecallLadder => {
  const rung = { contentId: '' }
  if (tier === 'A') return { tier, gentle: rung, coupon: null, call: { title: call, afterDays: 3 } }
  const coupon = { ...rung, afterDays: 4 }
  return { tier, gentle: rung, coupon, call: tier === 'B' ? { title: call, afterDays: 5 } : null }
}

export const startForm = (name: string, call: string): RecallForm => ({
  name,
  when: { type: 'silent', minDays: 30, maxDays: 90 },
  ladders: tiers.map((tier) => startLadder(tier, call)),
  tags: [],
  segments: [],
  at: '10:00',
  workdays: true,
  againDays: 60,
  stopOn: ['ordered', 'replied', 'objected'],
  goalDays: 14,
  holdoutPercent: 10,
})

/** What is missing before the form is a rule, each once; empty: nothing. */
export const gapsOfRecall = (form: RecallForm): RecallGap[] => {
  const { when, ladders } = form
  const texts = ladders.flatMap(({ gentle, coupon }) => [gentle, coupon]).filter((rung) => rung !== null)
  const gaps: [RecallGap, boolean][] = [
    ['name', form.name.trim() === ''],
    ['stages', when.type === 'stage' && when.stages.length === 0],
    ['maxDays', when.type === 'silent' && when.maxDays !== null && when.maxDays <= when.minDays],
    ['tiers', ladders.length === 0],
    ['rungs', ladders.some(({ gentle, coupon, call }) => gentle === null && coupon === null && call === null)],
    ['content', texts.some(({ contentId }) => contentId === '')],
    ['title', ladders.some(({ call }) => call !== null && call.title.trim() === '')],
  ]
  return gaps.flatMap(([gap, missing]) => (missing ? [gap] : []))
}
