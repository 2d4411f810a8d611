import type { XmlElement, XmlValue } from '../wecom/xml.ts'
import { XmlError, textIn } from '../wecom/xml.ts'

/** What a callback says, before anybody has asked whether the event is known. */
export type ReceivedEvent = {
  /** `Event.ChangeType`, `Event`, or `message.text` for an ordinary message. */
  readonly event: string
  /** Everything else by our names (see shared/events.ts); texts stay texts, empty ones are left out. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Whole seconds; null when WeCom gave none. */
  readonly createTime: Date | null
}

/** Names that are not WeCom's with a small first letter. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['UserID', 'userid'],
  ['NewUserID', 'newUserid'],
  ['ExternalUserID', 'externalUserId'],
  ['AgentID', 'agentId'],
  ['FromUserName', 'from'],
  // The official sample of template_card_event spells these so.
  ['OpitonIds', 'optionIds'],
  ['OpitonId', 'optionId'],
])
/** Children that make their parent a list, however many there are. */
const listed: ReadonlySet<string> = new Set(['Item', 'item', 'SelectedItem', 'OptionId', 'OpitonId'])
/** Said by `event`, `createTime`, or the receive id. */
const dropped: ReadonlySet<string> = new Set(['ToUserName', 'CreateTime', 'MsgType', 'Event', 'ChangeType'])

const nameOf = (name: string): string => renamed.get(name) ?? name.slice(0, 1).toLowerCase() + name.slice(1)

const plainOf = (value: XmlValue): unknown => {
  if (typeof value === 'string') return value
  const [first] = value.keys()
  if (first !== undefined && value.size === 1 && listed.has(first)) return (value.get(first) ?? []).map(plainOf)
  return objectOf(value)
}

const isEmpty = (value: XmlValue): boolean => value === ''

const objectOf = (element: XmlElement, leaveOut?: ReadonlySet<string>): Readonly<Record<string, unknown>> => {
  const entries: [string, unknown][] = []
  for (const [name, values] of element) {
    if (leaveOut?.has(name)) continue
    const present = values.filter((value) => !isEmpty(value)).map(plainOf)
    if (present.length > 0) entries.push([nameOf(name), present.length === 1 ? present[0] : present])
  }
  return Object.fromEntries(entries)
}

/** The event in a decrypted callback. Throws XmlError when it has no MsgType. */
export const eventOf = (xml: XmlElement): ReceivedEvent => {
  const type = textIn(xml, 'MsgType')
  if (type === undefined) throw new XmlError('no MsgType')
  const name = textIn(xml, 'Event')
  const change = textIn(xml, 'ChangeType')
  const seconds = textIn(xml, 'CreateTime') ?? ''
  return {
    event: type === 'event' && name !== undefined ? [name, change].filter(Boolean).join('.') : `message.${type}`,
    fields: objectOf(xml, dropped),
    createTime: /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : null,
  }
}
