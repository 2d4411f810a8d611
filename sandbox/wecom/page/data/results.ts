import type { Words } from './words.ts'

const RESULT = { sent: 1, notFriend: 2, quotaUsed: 3 }

/** What became of a mass message, in one sentence: who has it, and who has not, and why. */
export function sayResults(results: Readonly<Record<string, number>>, words: Words): string {
  const count = (result: number) => Object.values(results).filter((one) => one === result).length
  const parts = [words.t('massSent', { n: count(RESULT.sent) })]
  if (count(RESULT.quotaUsed) > 0) parts.push(words.t('massQuota', { n: count(RESULT.quotaUsed) }))
  if (count(RESULT.notFriend) > 0) parts.push(words.t('massNotFriend', { n: count(RESULT.notFriend) }))
  return parts.join(words.lang.value === 'zh' ? '，' : ', ')
}
