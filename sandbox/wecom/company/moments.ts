import { letters } from '../ids.ts'
import type { MomentRow, PublicationRow } from '../store/rows-acts.ts'
import type { World } from '../world.ts'
import { dayOf } from './days.ts'
import { firstType } from './mass.ts'
import { found, Refusal } from './refusal.ts'

/** How long the platform takes to dispatch a moment to its members. */
const DISPATCH_MS = 1000

type Asked = Pick<MomentRow, 'text' | 'attachments' | 'part' | 'tags' | 'senders' | 'invalid'>
const NOBODY: MomentRow['invalid'] = { user_list: [], department_list: [], tag_list: [] }

/** A moment of the corp: each sender has to publish it. */
export function createMoment(world: World, asked: Asked): MomentRow {
  const at = world.clock.now()
  return save(world, { ...asked, ...ids(), at, ready: at + DISPATCH_MS, cancelled: false })
}

const ids = () => ({ moment_id: `mom${letters(29)}`, jobid: letters(32) })
const save = (world: World, moment: MomentRow): MomentRow => world.store.moments.set(moment.moment_id, moment)

/** A member's own moment, seen by all his customers at once. */
export function publishOwn(
  world: World,
  { userid, text, attachments }: { userid: string; text: string; attachments: unknown[] },
): MomentRow {
  found(world.store.members.get(userid), `member ${userid}`)
  const at = world.clock.now()
  const content = { text, attachments, part: false, tags: [], senders: [userid], invalid: NOBODY }
  const moment = save(world, { ...content, ...ids(), creator: userid, at, ready: at, cancelled: false })
  publish(world, moment.moment_id, userid)
  return moment
}

/** One member's publication of a moment. */
export function publicationOf(world: World, momentId: string, userid: string): PublicationRow | undefined {
  return world.store.publications.get(`${momentId}\n${userid}`)
}

function savePublication(world: World, row: PublicationRow): PublicationRow {
  return world.store.publications.set(`${row.moment_id}\n${row.userid}`, row)
}

/** The member publishes it: his customers with one of the tags see it, unless they have seen as many of his this month as they may. */
export function publish(world: World, momentId: string, userid: string): PublicationRow {
  const moment = found(world.store.moments.get(momentId), `moment ${momentId}`)
  if (!moment.senders.includes(userid)) throw new Refusal(`${userid} has no task for this moment`)
  if (moment.ready > world.clock.now()) throw new Refusal('this moment is still being dispatched', 409)
  if (moment.cancelled) throw new Refusal('this moment was cancelled', 409)
  if (publicationOf(world, momentId, userid)) throw new Refusal('this moment has been published already', 409)
  const wanted = world.relations
    .ofMember(userid)
    .filter((one) => moment.tags.length === 0 || moment.tags.some((tag) => one.tags.includes(tag)))
    .filter((one) => !one.customerDeleted)
    .map((one) => one.external_userid)
  const seen = wanted.filter((external) => show(world, moment, userid, external))
  const at = world.clock.now()
  return savePublication(world, { moment_id: momentId, userid, at, wanted, seen, comments: [], likes: [] })
}

/** Shows it to one customer; tells whether he sees it. */
function show(world: World, moment: MomentRow, userid: string, external: string): boolean {
  const month = dayOf(world.clock.now()).slice(0, 7)
  const key = `${userid}|${external}|${month}|moments`
  const seen = world.store.quota.get(key) ?? 0
  if (seen >= world.rates.limits().momentsPerMonth) return false
  world.store.quota.set(key, seen + 1)
  world.ledger.add({
    to: { kind: 'customer', id: external },
    from: userid,
    via: 'moment',
    msgtype: moment.text === '' ? firstType(moment.attachments) : 'text',
    text: moment.text,
    content: { text: { content: moment.text }, attachments: moment.attachments },
    request: moment.moment_id,
  })
  return true
}

/** Somebody who sees a member's moment likes it or says something to it: a customer, or the member himself. */
export function react(
  world: World,
  momentId: string,
  how: 'comments' | 'likes',
  { userid, external_userid }: { userid: string; external_userid?: string | undefined },
): PublicationRow {
  const publication = found(publicationOf(world, momentId, userid), `a publication of ${momentId} by ${userid}`)
  if (external_userid !== undefined && !publication.seen.includes(external_userid))
    throw new Refusal('this customer does not see the moment')
  const at = world.clock.now()
  const said = external_userid === undefined ? { userid, at } : { external_userid, at }
  return savePublication(world, { ...publication, [how]: [...publication[how], said] })
}
