import { z } from 'zod'
import { LedgerEntry } from '../contract.ts'
import { Done, post, put } from '../declare.ts'
import { CallbackDelivery } from './callbacks.ts'

const userid = z.string().min(1)
const text = z.string().min(1)
const Deliveries = z.array(CallbackDelivery)

/** A message a member writes to the app. Pictures and the like by their media_id (or where they are). */
export const AppMessage = z.discriminatedUnion('msgtype', [
  z.object({ userid, msgtype: z.literal('text'), content: text.max(2048) }),
  z.object({ userid, msgtype: z.literal('image'), pic_url: z.string().default(''), media_id: text }),
  z.object({ userid, msgtype: z.literal('voice'), media_id: text, format: z.string().default('amr') }),
  z.object({ userid, msgtype: z.literal('video'), media_id: text, thumb_media_id: z.string().default('') }),
  z.object({
    userid,
    msgtype: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    scale: z.int().default(15),
    label: z.string().default(''),
  }),
  z.object({
    userid,
    msgtype: z.literal('link'),
    title: text,
    description: z.string().default(''),
    url: text,
    pic_url: z.string().default(''),
  }),
])

/** What a member does with the app's menu; the last ones carry what was scanned, taken or chosen. */
export const MenuAct = z.object({
  userid,
  event: z.enum([
    'click',
    'view',
    'view_miniprogram',
    'scancode_push',
    'scancode_waitmsg',
    'pic_sysphoto',
    'pic_photo_or_album',
    'pic_weixin',
    'location_select',
  ]),
  /** The button's key, for view its address. */
  key: z.string(),
  scan: z.object({ type: z.string().default('qrcode'), result: text }).optional(),
  /** MD5 of each picture. */
  pictures: z.array(z.string()).optional(),
  place: z.object({ latitude: z.number(), longitude: z.number(), label: z.string().default('') }).optional(),
})

/** A button of a template card; `msgid` or `task_id` names the card, what was chosen in it is `selected`. */
export const CardPress = z.object({
  userid,
  msgid: z.string().optional(),
  task_id: z.string().optional(),
  key: text,
  selected: z.array(z.object({ question_key: text, option_ids: z.array(z.string()).min(1) })).default([]),
})

/** What a member says to the AI bot, alone or in a group. */
export const BotSay = z.object({ userid, chat_id: z.string().optional(), text: text.max(4000) })

/** What members do with the app and the AI bot. */
export const appEndpoints = {
  enter: post(
    'app/enter',
    '成员打开应用（触发 enter_agent） / a member opens the app (enter_agent)',
    z.object({ userid }),
    Deliveries,
  ),
  say: post(
    'app/say',
    '成员给应用发消息（触发消息回调） / a member writes to the app (message callback)',
    AppMessage,
    LedgerEntry,
  ),
  menu: post('app/menu', '成员点应用菜单（触发回调） / a member uses the app’s menu (calls back)', MenuAct, Deliveries),
  locate: post(
    'app/locate',
    '成员上报位置（触发 LOCATION） / a member’s position is reported (LOCATION)',
    z.object({ userid, latitude: z.number(), longitude: z.number(), precision: z.number().default(100) }),
    Deliveries,
  ),
  press: post(
    'app/card',
    '成员点模板卡片的按钮（触发 template_card_event） / a member presses a card’s button (template_card_event)',
    CardPress,
    z.object({ response_code: z.string() }),
  ),
  saveBot: put(
    'bot',
    '智能机器人的回调地址；保存时验证（receiveid 为空） / the AI bot’s callback URL; saving verifies it with an empty receive id',
    z.object({ callbackUrl: z.url() }),
    Done,
  ),
  sayToBot: post('bot/say', '成员对智能机器人说话 / a member talks to the AI bot', BotSay, LedgerEntry),
  enterBot: post(
    'bot/enter',
    '成员当天第一次进入与机器人的单聊 / a member enters the bot’s chat for the first time of a day',
    z.object({ userid }),
    Deliveries,
  ),
}
