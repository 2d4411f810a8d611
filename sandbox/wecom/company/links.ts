import type { EventFields } from '../callback/xml.ts'
import { opaque } from '../ids.ts'
import type { LinkRow } from '../store/rows-setup.ts'
import type { RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { befriend, membersOf } from './customers.ts'
import { countToday } from './daily.ts'
import { balanceOf, spendUse } from './link-quota.ts'
import { found, Refusal } from './refusal.ts'

const BY_LINK = 16
const CHANNEL_BYTES = 64
/** Messages of the customer after which the platform says so. */
const TOLD = [3, 5, 10]
const ANY_MEMBER = 1

/** The active members a link leads to. */
export function linkMembers(world: World, { range }: LinkRow): string[] {
  return membersOf(world, { user: range.user_list, party: range.department_list })
}

/** What of a link's address counts: its id and the customer_channel appended to it. */
export function readLinkUrl(url: string): { link_id: string; channel: string | undefined } {
  const { pathname, searchParams } = new URL(url)
  return { link_id: pathname.split('/').at(-1) ?? '', channel: searchParams.get('customer_channel') ?? undefined }
}

/** A customer opens a link and adds the member it leads him to; callbacks fire, a use is spent when he is new to that member. */
export function addByLink(
  world: World,
  linkId: string,
  externalUserid: string,
  channel = '',
): { userid: string; welcome_code: string | null } {
  const link = found(world.store.links.get(linkId), `link ${linkId}`)
  found(world.store.customers.get(externalUserid), `customer ${externalUserid}`)
  if (Buffer.byteLength(channel) > CHANNEL_BYTES)
    throw new Refusal(`customer_channel is longer than ${CHANNEL_BYTES} bytes`)
  countToday(world, 'clicks', linkId)
  if (balanceOf(world) === 0) throw new Refusal('no use is left: links do not work')
  const userid = memberFor(world, link, externalUserid)
  const state = channel === '' ? {} : { State: channel }
  if (!link.skip_verify) tell(world, 'friend_request', { LinkId: linkId, ...state })
  const meeting = { userid, external_userid: externalUserid, add_way: BY_LINK, state: channel }
  const welcome_code = befriend(world, meeting)
  if (welcome_code === null) return { userid, welcome_code }
  const relation = found(world.relations.get(userid, externalUserid), 'relation')
  world.relations.set({ ...relation, link_id: linkId })
  world.store.linkCustomers.set(`${linkId}\n${externalUserid}\n${userid}`, {
    link_id: linkId,
    external_userid: externalUserid,
    userid,
    state: channel,
    at: world.clock.now(),
    said: 0,
  })
  world.store.links.set(linkId, { ...link, adds: link.adds + 1 })
  countToday(world, 'came', linkId)
  spendUse(world)
  return { userid, welcome_code }
}

/** Who he already knows, if the link prefers that; else the members take turns. */
function memberFor(world: World, link: LinkRow, externalUserid: string): string {
  const members = linkMembers(world, link)
  if (members.length === 0) throw new Refusal('no active member is behind this link')
  const { priority_option: priority } = link
  const friends = world.relations.ofCustomer(externalUserid).filter((one) => !one.customerDeleted)
  const preferred = friends.find(
    ({ userid }) =>
      priority !== undefined &&
      world.store.members.get(userid)?.status === 1 &&
      (priority.priority_type === ANY_MEMBER || priority.priority_userid_list.includes(userid)),
  )
  return preferred?.userid ?? found(members[link.adds % members.length], 'member')
}

/** A customer who came by a link says something: the first time, the 3rd, 5th and 10th are told. */
export function countSaid(world: World, relation: RelationRow): void {
  const { link_id, userid, external_userid } = relation
  const key = `${link_id}\n${external_userid}\n${userid}`
  const row = world.store.linkCustomers.get(key)
  if (link_id === undefined || !row) return
  const said = row.said + 1
  world.store.linkCustomers.set(key, { ...row, said })
  const head: EventFields = { LinkId: link_id }
  if (row.state !== '') head['State'] = row.state
  if (said === 1) tell(world, 'customer_start_chat', { ...head, UserID: userid, ExternalUserID: external_userid })
  if (!TOLD.includes(said)) return
  const ChatKey = opaque(43)
  const { state } = row
  world.store.chatKeys.set(ChatKey, { userid, external_userid, link_id, state, said, at: world.clock.now() })
  tell(world, 'message_from_customer', { ...head, ChatKey })
}

/** Links nobody of whose members is left can not be used any more; each is told once. */
export function checkLinks(world: World): void {
  for (const link of [...world.store.links.values()]) {
    const unavailable = linkMembers(world, link).length === 0
    if (unavailable === link.unavailable) continue
    world.store.links.set(link.link_id, { ...link, unavailable })
    if (unavailable) tell(world, 'link_unavailable', { LinkId: link.link_id })
  }
}

/** An admin deletes a link in the console, which fires (the API does not). */
export function deleteLinkByHand(world: World, linkId: string): void {
  found(world.store.links.get(linkId), `link ${linkId}`)
  world.store.links.delete(linkId)
  tell(world, 'delete_link', { LinkId: linkId })
}

function tell(world: World, ChangeType: string, fields: EventFields): void {
  world.callbacks.emit({ Event: 'customer_acquisition', ChangeType, ...fields })
}
