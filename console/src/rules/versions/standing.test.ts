import type { Review } from '@zhiyin/shared/rule-version'
import { expect, it } from 'vitest'
import { standingOf } from './useVersions.ts'

const review = (state: Review['state']): Review => ({
  state,
  askedBy: '王敏',
  askedAt: '2026-06-01T00:00:00.000Z',
  running: 'finish',
  words: '',
  answer: null,
})

it.each([
  ['nothing where the newest one is live', 2, review('approved'), true, null],
  ['nothing where nobody has to approve and nobody was asked', 1, null, false, null],
  ['to be asked about, where somebody has to approve', 1, null, true, 'unasked'],
  ['an answer', 1, review('asked'), false, 'asked'],
  ['to be changed', null, review('rejected'), true, 'rejected'],
  ['to be switched on', null, review('approved'), true, 'approved'],
] as const)('a version waits for %s', (_for, live, given, approval, wanted) => {
  expect(standingOf({ live, version: 2 }, { review: given }, { approval })).toBe(wanted)
})
