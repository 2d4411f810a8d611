import type { z } from 'zod'
import type { AppMessage, MenuAct } from '../admin/endpoints/app.ts'
import type { Delivery } from '../callback/delivery.ts'
import { newMsgId } from '../callback/msgid.ts'
import type { EventFields } from '../callback/xml.ts'
import type { World } from '../world.ts'
import { appOf } from './agent.ts'
import type { Entry } from './ledger.ts'
import { fromMember, mustBeMember } from './members.ts'
import { found } from './refusal.ts'

type Message = z.output<typeof AppMessage>
type Menu = z.output<typeof MenuAct>

/** A member opens the app: `enter_agent`, if the app is told so (上报进入应用事件). */
export function enterApp(world: World, userid: string): Delivery[] {
  mustBeMember(world, userid)
  if (appOf(world).isreportenter === 0) return []
  return world.callbacks.emit(fromMember(world, userid, 'enter_agent', { EventKey: '' }))
}

/** A member writes to the app: the message goes to its callback, and stands in the ledger as what the app received. */
export function sayToApp(world: World, message: Message): Entry {
  mustBeMember(world, message.userid)
  const id = newMsgId(world.clock.now())
  const { userid, msgtype, ...content } = message
  world.callbacks.emit({
    FromUserName: userid,
    MsgType: msgtype,
    ...bodyOf(message),
    MsgId: id,
    AgentID: Number(world.options.agentId),
  })
  return world.ledger.add({
    to: { kind: 'app', id: world.options.agentId },
    from: userid,
    via: 'chat',
    msgtype,
    text: message.msgtype === 'text' ? message.content : `[${msgtype}]`,
    content,
    request: String(id),
  })
}

function bodyOf(message: Message): EventFields {
  switch (message.msgtype) {
    case 'text':
      return { Content: message.content }
    case 'image':
      return { PicUrl: message.pic_url, MediaId: message.media_id }
    case 'voice':
      return { MediaId: message.media_id, Format: message.format }
    case 'video':
      return { MediaId: message.media_id, ThumbMediaId: message.thumb_media_id }
    case 'location':
      return {
        Location_X: message.latitude.toFixed(6),
        Location_Y: message.longitude.toFixed(6),
        Scale: message.scale,
        Label: message.label,
        AppType: 'wxwork',
      }
    case 'link':
      return { Title: message.title, Description: message.description, Url: message.url, PicUrl: message.pic_url }
  }
}

/** A member uses the app's menu. */
export function useMenu(world: World, { userid, event, key, scan, pictures, place }: Menu): Delivery[] {
  mustBeMember(world, userid)
  const fields: EventFields = { EventKey: key }
  if (event.startsWith('scancode_')) {
    const scanned = found(scan, 'scan, which this button needs,')
    fields['ScanCodeInfo'] = { ScanType: scanned.type, ScanResult: scanned.result }
  }
  if (event.startsWith('pic_')) {
    const taken = found(pictures, 'pictures, which this button needs,')
    fields['SendPicsInfo'] = { Count: taken.length, PicList: { item: taken.map((PicMd5Sum) => ({ PicMd5Sum })) } }
  }
  if (event === 'location_select') {
    const { latitude, longitude, label } = found(place, 'place, which this button needs,')
    const at = { Location_X: latitude.toFixed(6), Location_Y: longitude.toFixed(6) }
    fields['SendLocationInfo'] = { ...at, Scale: '15', Label: label, Poiname: '' }
  }
  return world.callbacks.emit(fromMember(world, userid, event, fields))
}

/** A member's position is reported to the app, if it is told so (上报地理位置). */
export function reportPlace(
  world: World,
  {
    userid,
    latitude,
    longitude,
    precision,
  }: { userid: string; latitude: number; longitude: number; precision: number },
): Delivery[] {
  mustBeMember(world, userid)
  if (appOf(world).report_location_flag === 0) return []
  const place = { Latitude: latitude.toFixed(6), Longitude: longitude.toFixed(6), Precision: precision.toFixed(6) }
  return world.callbacks.emit(fromMember(world, userid, 'LOCATION', { ...place, AppType: 'wxwork' }))
}
