import { z } from 'zod'
import { get, post, postAt } from '../declare.ts'

const Params = z.object({ moment_id: z.string() })
const Who = z.object({ userid: z.string(), external_userid: z.string().optional() })
const Counts = z.object({ comments: z.int(), likes: z.int() })

/** A moment one member has to publish, or has published. */
const MomentTask = z.object({
  moment_id: z.string(),
  userid: z.string(),
  personal: z.boolean(),
  text: z.string(),
  attachments: z.array(z.unknown()),
  status: z.enum(['waiting', 'published', 'cancelled']),
  create_time: z.int(),
  /** How many customers see it. */
  seen: z.int(),
})

/** Customer moments in front of the members and customers. */
export const momentEndpoints = {
  tasks: get(
    'moments',
    '成员的朋友圈任务，最新在前 / moments to publish, newest first',
    z.object({ userid: z.string().optional() }),
    z.array(MomentTask),
  ),
  own: post(
    'moments',
    '成员自己发朋友圈 / a member’s own moment',
    z
      .object({
        userid: z.string(),
        text: z.string().max(2000).default(''),
        attachments: z.array(z.unknown()).max(9).default([]),
      })
      .refine((own) => own.text !== '' || own.attachments.length > 0, 'text or attachments'),
    Params,
  ),
  publish: postAt(
    'moments/:moment_id/publish',
    '成员确认发表，客户看得到 / a member publishes it, and customers see it',
    Params,
    z.object({ userid: z.string() }),
    z.object({ seen: z.array(z.string()) }),
  ),
  comment: postAt(
    'moments/:moment_id/comment',
    '评论成员 userid 发表的朋友圈 / comment on what userid has published',
    Params,
    Who,
    Counts,
  ),
  like: postAt(
    'moments/:moment_id/like',
    '点赞成员 userid 发表的朋友圈 / like what userid has published',
    Params,
    Who,
    Counts,
  ),
}
