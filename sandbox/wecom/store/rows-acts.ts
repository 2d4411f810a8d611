import { z } from 'zod'

/** What is under way or has happened, one schema per table. Times are epoch ms. */

/** A customer handed over. `status` as in transfer_result: 1 done, 2 waiting, 3 refused, 4 the new member is at his limit. */
export const TransferRow = z.object({
  id: z.string(),
  kind: z.enum(['onjob', 'resigned']),
  handover_userid: z.string(),
  takeover_userid: z.string(),
  external_userid: z.string(),
  message: z.string(),
  at: z.int(),
  /** When it takes effect, took effect, or was refused. */
  takes: z.int(),
  status: z.int().min(1).max(4),
})

/** 客户朋友圈. Personal ones have a creator and are published at once. `ready`: when the platform has dispatched it. */
export const MomentRow = z.object({
  moment_id: z.string(),
  jobid: z.string(),
  creator: z.string().optional(),
  at: z.int(),
  ready: z.int(),
  text: z.string(),
  attachments: z.array(z.unknown()),
  /** Whether only some customers may see it. */
  part: z.boolean(),
  tags: z.array(z.string()),
  senders: z.array(z.string()),
  invalid: z.object({
    user_list: z.array(z.string()),
    department_list: z.array(z.int()),
    tag_list: z.array(z.string()),
  }),
  cancelled: z.boolean(),
})
const Said = z.object({ userid: z.string().optional(), external_userid: z.string().optional(), at: z.int() })
/** A member's publication: who was to see it, and who does. */
export const PublicationRow = z.object({
  moment_id: z.string(),
  userid: z.string(),
  at: z.int(),
  wanted: z.array(z.string()),
  seen: z.array(z.string()),
  comments: z.array(Said),
  likes: z.array(Said),
})

/** A customer who came by an acquisition link. */
export const LinkCustomerRow = z.object({
  link_id: z.string(),
  external_userid: z.string(),
  userid: z.string(),
  state: z.string(),
  at: z.int(),
  /** Messages of his to the member so far. */
  said: z.int(),
})
export const ChatKeyRow = z.object({
  userid: z.string(),
  external_userid: z.string(),
  link_id: z.string(),
  state: z.string(),
  said: z.int(),
  at: z.int(),
})

/** An app message, and the codes for updating the card it carries. */
export const SentRow = z.object({ msgid: z.string(), at: z.int() })
export const ResponseCodeRow = z.object({ msgid: z.string(), at: z.int(), used: z.boolean() })

export const UploadJobRow = z.object({
  jobid: z.string(),
  type: z.string(),
  filename: z.string(),
  url: z.string(),
  md5: z.string(),
  at: z.int(),
  /** 1 under way, 2 done, 3 failed. */
  status: z.int(),
  media_id: z.string().optional(),
  errcode: z.int(),
  errmsg: z.string(),
})

export type TransferRow = z.infer<typeof TransferRow>
export type MomentRow = z.infer<typeof MomentRow>
export type PublicationRow = z.infer<typeof PublicationRow>
export type LinkCustomerRow = z.infer<typeof LinkCustomerRow>
export type UploadJobRow = z.infer<typeof UploadJobRow>
