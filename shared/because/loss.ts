import type { Bilingual } from '../text.ts'

/** Why a rep should win a customer back, or keep one whose hand-over failed. */
export const lossBecause = {
  'loss.deleted': { zh: '客户于 {at|date} 删除了你', en: 'The customer removed you on {at|date}' },
  'loss.still_held': { zh: '仍由{reps}跟进', en: 'Still with {reps}' },
  'loss.held_by_nobody': { zh: '已没有顾问跟进', en: 'No rep is left with them' },
  'transfer.failed': {
    zh: '转接给{to}没有成功：{reason|transfer_reason}',
    en: 'Not handed over to {to}: {reason|transfer_reason}',
  },
} as const satisfies Record<string, Bilingual>
