import { z } from 'zod'
import { Group } from '../contract.ts'
import { Done, get, post, postAt, put } from '../declare.ts'

const ChatParams = z.object({ chat_id: z.string() })
const Transfer = z.object({
  id: z.string(),
  kind: z.enum(['onjob', 'resigned']),
  handover_userid: z.string(),
  takeover_userid: z.string(),
  external_userid: z.string(),
  message: z.string(),
  at: z.int(),
  takes: z.int(),
  /** 1 done, 2 waiting, 3 refused, 4 the new member is at his limit. */
  status: z.int(),
})
const Quota = z.object({ total: z.int(), parts: z.array(z.object({ balance: z.int(), expires: z.int() })) })

/** Ways in for customers besides contact ways, and the hand-over of customers between members. */
export const growthEndpoints = {
  scanJoinWay: post(
    'join-scan',
    '客户扫「加入群聊」二维码（触发回调） / a customer scans a group join way (calls back)',
    z.object({ config_id: z.string().optional(), state: z.string().optional(), external_userid: z.string() }),
    Group,
  ),
  welcome: postAt(
    'groups/:chat_id/welcome',
    '群主启用入群欢迎语，null 为停用 / the owner turns a welcome template on; null: off',
    ChatParams,
    z.object({ template_id: z.string().nullable() }),
    Done,
  ),
  opengid: get(
    'opengid',
    '小程序里得到的群 opengid / a group’s opengid, as a mini-program gets it',
    ChatParams,
    z.object({ opengid: z.string() }),
  ),
  addByLink: post(
    'acquisition/add',
    '客户点获客链接加成员（触发回调，消耗用量） / a customer opens an acquisition link and adds a member (calls back, spends a use)',
    z.object({
      link_id: z.string().optional(),
      /** The address, with ?customer_channel= or without. */
      url: z.url().optional(),
      external_userid: z.string(),
      customer_channel: z.string().optional(),
    }),
    z.object({ userid: z.string(), welcome_code: z.string().nullable() }),
  ),
  setQuota: put(
    'acquisition/quota',
    '获客助手的用量，代替原有的 / the uses of acquisition links; they replace what there was',
    z.object({ parts: z.array(z.object({ balance: z.int().min(0), expires: z.int() })) }),
    Quota,
  ),
  deleteLink: post(
    'acquisition/delete',
    '管理后台删除获客链接（触发回调） / delete a link in the console (calls back)',
    z.object({ link_id: z.string() }),
    Done,
  ),
  transfers: get(
    'transfers',
    '继承记录 / customers handed over',
    z.object({ external_userid: z.string().optional() }),
    z.array(Transfer),
  ),
  refuse: post(
    'transfers/refuse',
    '客户拒绝更换成员（触发 transfer_fail） / a customer refuses another member (transfer_fail)',
    z.object({ external_userid: z.string(), takeover_userid: z.string().optional() }),
    Transfer,
  ),
}
