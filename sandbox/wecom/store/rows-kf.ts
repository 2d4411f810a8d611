import { z } from 'zod'

/** 微信客服, one schema per table. Times are epoch ms. */

export const KfAccountRow = z.object({
  open_kfid: z.string(),
  name: z.string(),
  media_id: z.string(),
  servicers: z.array(z.string()),
})

/** `origin` as in sync_msg: 3 the customer, 4 the system, 5 a servicer. */
export const KfMessageRow = z.object({
  msgid: z.string(),
  open_kfid: z.string(),
  external_userid: z.string(),
  at: z.int(),
  origin: z.literal([3, 4, 5]),
  servicer_userid: z.string().optional(),
  msgtype: z.string(),
  content: z.unknown(),
})

/** One customer with one account. `state`: 0 untouched, 1 an assistant answers, 2 waits in the pool, 3 a servicer answers, 4 ended. */
export const KfSessionRow = z.object({
  state: z.int().min(0).max(4),
  servicer_userid: z.string().optional(),
  /** When the customer last wrote, and how often the server has answered since. */
  wroteAt: z.int(),
  answers: z.int(),
})

/** A code of an event, with which one message may be sent. */
export const KfCodeRow = z.object({
  open_kfid: z.string(),
  external_userid: z.string(),
  at: z.int(),
  used: z.boolean(),
})
/** The token of a callback. */
export const KfTokenRow = z.object({ at: z.int(), open_kfid: z.string() })

export type KfAccountRow = z.infer<typeof KfAccountRow>
export type KfMessageRow = z.infer<typeof KfMessageRow>
export type KfSessionRow = z.infer<typeof KfSessionRow>
