import { z } from 'zod'
import { none } from '@zhiyin/shared/api/endpoint'
import { Group } from '../contract.ts'
import { Done, post, postAt } from '../declare.ts'

const Params = z.object({ chat_id: z.string() })

/** Groups of customers and of colleagues. */
export const groupEndpoints = {
  create: post(
    'groups',
    '建群（客户群触发回调） / make a group (a customer group calls back)',
    z.object({ name: z.string(), owner: z.string(), kind: z.enum(['customer', 'internal']).default('customer') }),
    Params,
  ),
  join: postAt(
    'groups/:chat_id/join',
    '进群；scene 1 邀请，2 链接，3 扫码 / join; scene 1 invited, 2 by link, 3 by QR code',
    Params,
    z.object({ id: z.string(), scene: z.int().min(0).max(3).optional(), state: z.string().optional() }),
    Group,
  ),
  scan: post(
    'groups/scan',
    '客户扫群二维码进群（触发回调） / a customer scans a group’s code (calls back)',
    z.object({ config_id: z.string(), external_userid: z.string() }),
    Params,
  ),
  leave: postAt(
    'groups/:chat_id/leave',
    '退群；scene 0 自己退出，1 被移出 / leave; scene 0 by oneself, 1 removed',
    Params,
    z.object({ id: z.string(), scene: z.int().min(0).max(1).optional() }),
    Group,
  ),
  change: postAt(
    'groups/:chat_id/change',
    '改群名、公告或群主 / change name, notice or owner',
    Params,
    z.object({ name: z.string().optional(), notice: z.string().optional(), owner: z.string().optional() }),
    Group,
  ),
  dismiss: postAt('groups/:chat_id/dismiss', '解散 / dismiss', Params, none, Done),
  addRobot: postAt(
    'groups/:chat_id/robots',
    '给内部群加机器人 / a robot for an internal group',
    Params,
    z.object({ name: z.string().min(1) }),
    z.object({ key: z.string(), webhook: z.string() }),
  ),
  removeRobot: postAt(
    'groups/:chat_id/robots/delete',
    '移除机器人 / take a robot out',
    Params,
    z.object({ key: z.string() }),
    Done,
  ),
}
