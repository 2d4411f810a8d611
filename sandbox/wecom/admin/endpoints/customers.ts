import { z } from 'zod'
import {
  Add,
  Customer,
  LedgerEntry,
  MarkTags,
  MassTask,
  OwnMass,
  Pair,
  Relation,
  Remark,
  Say,
  Scan,
} from '../contract.ts'
import { Done, get, post, postAt } from '../declare.ts'

const NewCustomer = z.object({
  name: z.string().min(1),
  gender: Customer.shape.gender.optional(),
  unionid: z.string().optional(),
  avatar: z.string().optional(),
})
const Met = z.object({ userid: z.string(), welcome_code: z.string().nullable() })
/** 1 sent, 2 not a friend, 3 the day's quota was used. */
const Results = z.record(z.string(), z.int())

/** What customers and members do with each other. */
export const customerEndpoints = {
  create: post(
    'customers',
    '一位微信用户 / a person of WeChat',
    NewCustomer,
    z.object({ external_userid: z.string() }),
  ),
  hold: post(
    'hold',
    '成员早就有的客户：一次很多，不触发回调；since 为毫秒 / customers a member has had for long: many at once, nothing calls back; since: epoch ms',
    z.object({ userid: z.string(), count: z.int().min(1).max(10_000), since: z.int().optional() }),
    z.object({ external_userids: z.array(z.string()) }),
  ),
  scan: post('scan', '客户扫「联系我」二维码（触发回调） / a customer scans a contact way (calls back)', Scan, Met),
  add: post('add', '客户加成员为好友（触发回调） / they become contacts (calls back)', Add, Met),
  addHalf: post(
    'add-half',
    '客户免验证加成员，成员还没加回（触发 add_half_external_contact） / a customer adds a member who has not added him back (add_half_external_contact)',
    Pair.extend({ state: z.string().optional() }),
    z.object({ welcome_code: z.string() }),
  ),
  agreeToArchiving: post(
    'agree-to-archiving',
    '客户同意会话存档（触发 msg_audit_approved） / the customer agrees to chat archiving (msg_audit_approved)',
    Pair,
    Done,
  ),
  deleteByCustomer: post(
    'delete-by-customer',
    '客户删除成员（触发回调） / the customer deletes the member (calls back)',
    Pair,
    Done,
  ),
  deleteByMember: post(
    'delete-by-member',
    '成员删除客户（触发回调） / the member deletes the customer (calls back)',
    Pair,
    Done,
  ),
  say: post('say', '在单聊或群聊里说一句 / say something in a chat or group', Say, LedgerEntry),
  remark: post('remark', '成员改备注（触发回调） / a member changes a remark (calls back)', Remark, Relation),
  tag: post('tag', '成员在客户端打标签（触发回调） / a member tags a customer (calls back)', MarkTags, Relation),
  tasks: get(
    'tasks',
    '群发助手里的任务 / the tasks of 群发助手',
    z.object({ userid: z.string().optional() }),
    z.array(MassTask),
  ),
  confirm: postAt(
    'tasks/:msgid/confirm',
    '成员确认群发，真正发出 / a member confirms, and it is sent',
    z.object({ msgid: z.string() }),
    // Without a list everybody gets it; leaving customers out needs allow_select.
    z.object({ userid: z.string(), external_userids: z.array(z.string()).min(1).optional() }),
    z.object({ msgid: z.string(), userid: z.string(), results: Results }),
  ),
  mass: post(
    'mass',
    '成员自己的群发 / a member’s own mass message',
    OwnMass,
    z.object({ msgid: z.string(), results: Results }),
  ),
  chat: get(
    'chat',
    '一个会话的全部内容 / the lines of one conversation',
    z.object({ userid: z.string().optional(), external_userid: z.string().optional(), chat_id: z.string().optional() }),
    z.array(LedgerEntry),
  ),
}
