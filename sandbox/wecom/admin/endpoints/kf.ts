import { z } from 'zod'
import { post } from '../declare.ts'

const open_kfid = z.string()
const external_userid = z.string()
const text = z.string().min(1).max(2048)
const Message = z.object({ msgid: z.string() })

/** 微信客服 in front of customers and servicers. */
export const kfEndpoints = {
  enter: post(
    'kf/enter',
    '客户进入客服会话（触发回调，得到一次欢迎语的 code） / a customer opens the account’s chat (calls back; a code for one greeting)',
    z.object({ open_kfid, external_userid, scene: z.string().optional() }),
    z.object({ code: z.string() }),
  ),
  write: post(
    'kf/write',
    '客户给客服发消息（触发回调） / a customer writes to the account (calls back)',
    z.object({ open_kfid, external_userid, text }),
    Message,
  ),
  answer: post(
    'kf/answer',
    '接待人员在客户端回复（触发回调） / a servicer answers in the client (calls back)',
    z.object({ open_kfid, external_userid, userid: z.string(), text }),
    Message,
  ),
}
