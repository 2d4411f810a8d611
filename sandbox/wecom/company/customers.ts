import type { EventFields } from '../callback/xml.ts'
import { prefixedId } from '../ids.ts'
import type { ContactWayRow, CustomerRow, RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { countToday } from './daily.ts'
import { departmentTree } from './members.ts'
import { found, Refusal } from './refusal.ts'
import { endHalf, issueWelcomeCode } from './welcome-codes.ts'

/** A person of WeChat, not yet anybody's customer. */
export function createCustomer(
  world: World,
  input: { name: string; gender?: number | undefined; unionid?: string | undefined; avatar?: string | undefined },
): CustomerRow {
  const customer: CustomerRow = {
    external_userid: prefixedId('wm'),
    name: input.name,
    gender: input.gender ?? 0,
    avatar: input.avatar ?? '',
    type: 1,
  }
  if (input.unionid !== undefined) customer.unionid = input.unionid
  return world.store.customers.set(customer.external_userid, customer)
}

/** A rep who has had customers for long: so many at once, added before anybody listened, so nothing fires. */
export function holdMany(world: World, userid: string, count: number, since: number): string[] {
  found(world.store.members.get(userid), `member ${userid}`)
  return Array.from({ length: count }, (_each, index) => {
    const { external_userid } = createCustomer(world, { name: `客户 ${index + 1}` })
    world.relations.set({
      userid,
      external_userid,
      createtime: since,
      remark: '',
      description: '',
      tags: [],
      add_way: 1,
      customerDeleted: false,
      remark_corp_name: '',
      remark_mobiles: [],
      oper_userid: external_userid,
      talkedAt: 0,
    })
    return external_userid
  })
}

/** Ways in which the customer comes: by a QR code, from 视频号, by an acquisition link. */
const BY_CUSTOMER = [1, 10, 16]

/** How two became contacts. */
export interface Meeting {
  userid: string
  external_userid: string
  add_way: number
  state?: string | undefined
}

/**
 * Makes a member and a customer contacts; `add_external_contact` fires with a welcome code that lives 20 s.
 *
 * @returns the welcome code; null when they were contacts already (then nothing fires), or when he was welcomed as a half contact.
 */
export function befriend(world: World, meeting: Meeting): string | null {
  const { userid, external_userid } = meeting
  const member = found(world.store.members.get(userid), `member ${userid}`)
  if (member.status !== 1) throw new Refusal(`member ${userid} is not active`)
  found(world.store.customers.get(external_userid), `customer ${external_userid}`)
  const old = world.relations.get(userid, external_userid)
  if (old && !old.customerDeleted) return null

  const now = world.clock.now()
  const relation: RelationRow = {
    userid,
    external_userid,
    createtime: now,
    remark: old?.remark ?? '',
    description: old?.description ?? '',
    tags: old?.tags ?? [],
    add_way: meeting.add_way,
    customerDeleted: false,
    remark_corp_name: old?.remark_corp_name ?? '',
    remark_mobiles: old?.remark_mobiles ?? [],
    oper_userid: BY_CUSTOMER.includes(meeting.add_way) ? external_userid : userid,
    talkedAt: 0,
  }
  if (meeting.state !== undefined && meeting.state !== '') relation.state = meeting.state
  const code = endHalf(world, userid, external_userid) ? null : issueWelcomeCode(world, userid, external_userid)
  if (code !== null) relation.welcomeCode = code
  world.relations.set(relation)
  countToday(world, 'added', userid)
  if (relation.oper_userid === userid) countToday(world, 'applied', userid)
  const fields: EventFields = {
    Event: 'change_external_contact',
    ChangeType: 'add_external_contact',
    UserID: userid,
    ExternalUserID: external_userid,
  }
  if (relation.state !== undefined) fields['State'] = relation.state
  if (code !== null) fields['WelcomeCode'] = code
  world.callbacks.emit(fields)
  return code
}

/** A customer scans a contact way's QR code. Several members take turns, unless the way is exclusive and one has him already. */
export function scan(
  world: World,
  way: ContactWayRow,
  externalUserid: string,
  wanted?: string,
): { userid: string; welcome_code: string | null } {
  const customer = found(world.store.customers.get(externalUserid), `customer ${externalUserid}`)
  if (way.unionid !== undefined && way.unionid !== '' && way.unionid !== customer.unionid)
    throw new Refusal('this code is for another person')
  const members = membersOf(world, way)
  const sticky = way.is_exclusive ? members.find((userid) => world.relations.get(userid, externalUserid)) : undefined
  if (wanted !== undefined && !members.includes(wanted))
    throw new Refusal(`${wanted} is not a member of this contact way`)
  const userid = wanted ?? sticky ?? members[way.scans % Math.max(1, members.length)]
  if (userid === undefined) throw new Refusal('no active member is behind this code')
  world.store.contactWays.set(way.config_id, { ...way, scans: way.scans + 1 })
  const welcome_code = befriend(world, { userid, external_userid: externalUserid, add_way: 1, state: way.state })
  return { userid, welcome_code }
}

/** The active members behind a contact way, departments expanded. */
export function membersOf(world: World, way: { user: string[]; party: number[] }): string[] {
  const parties = new Set(way.party.flatMap((id) => departmentTree(world, id).map((one) => one.id)))
  const ids = new Set(way.user)
  for (const member of world.store.members.values()) {
    if (member.department.some((id) => parties.has(id))) ids.add(member.userid)
  }
  return [...ids].filter((userid) => world.store.members.get(userid)?.status === 1)
}

/** The customer deletes the member: the member keeps him in the list, but can not reach him. */
export function deletedByCustomer(world: World, userid: string, externalUserid: string): void {
  const relation = found(world.relations.get(userid, externalUserid), 'relation')
  if (relation.customerDeleted) throw new Refusal('the customer has deleted this member already')
  world.relations.set({ ...relation, customerDeleted: true })
  countToday(world, 'lost', userid)
  world.callbacks.emit({
    Event: 'change_external_contact',
    ChangeType: 'del_follow_user',
    UserID: userid,
    ExternalUserID: externalUserid,
  })
  if (relation.link_id === undefined) return
  world.callbacks.emit({
    Event: 'customer_acquisition',
    ChangeType: 'del_follow_user',
    LinkId: relation.link_id,
    UserID: userid,
    ExternalUserID: externalUserid,
  })
}

/** The member deletes the customer: the pair is gone. */
export function deletedByMember(world: World, userid: string, externalUserid: string): void {
  found(world.relations.get(userid, externalUserid), 'relation')
  world.relations.delete(userid, externalUserid)
  world.callbacks.emit({
    Event: 'change_external_contact',
    ChangeType: 'del_external_contact',
    UserID: userid,
    ExternalUserID: externalUserid,
  })
}

/** The member changes remark or tags by hand in the client, which fires (the API does not). */
export function editByHand(
  world: World,
  userid: string,
  externalUserid: string,
  change: { remark?: string | undefined; description?: string | undefined; add?: string[]; remove?: string[] },
): RelationRow {
  const relation = found(world.relations.get(userid, externalUserid), 'relation')
  for (const id of change.add ?? []) found(world.store.tags.get(id), `tag ${id}`)
  const edited = world.relations.set({
    ...relation,
    remark: change.remark ?? relation.remark,
    description: change.description ?? relation.description,
    tags: changedTags(relation.tags, change.add ?? [], change.remove ?? []),
  })
  world.callbacks.emit({
    Event: 'change_external_contact',
    ChangeType: 'edit_external_contact',
    UserID: userid,
    ExternalUserID: externalUserid,
  })
  return edited
}

/** Tags after adding some and removing others. */
export function changedTags(tags: string[], add: string[], remove: string[]): string[] {
  const gone = new Set(remove)
  return [...new Set([...tags, ...add])].filter((id) => !gone.has(id))
}
