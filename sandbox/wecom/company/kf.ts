import { letters, opaque } from '../ids.ts'
import type { KfMessageRow, KfSessionRow } from '../store/rows-kf.ts'
import type { World } from '../world.ts'
import { found, Refusal } from './refusal.ts'

/** service_state: 0 untouched, 1 an assistant answers, 2 waits in the pool, 3 a servicer answers, 4 ended. */
export const STATE = { untouched: 0, assistant: 1, pool: 2, servicer: 3, ended: 4 } as const
const ORIGIN = { customer: 3, system: 4, servicer: 5 } as const

const key = (openKfid: string, external: string): string => `${openKfid}\n${external}`

/** How things stand between a customer and an account; undefined when he has never written. */
export function sessionOf(world: World, openKfid: string, external: string): KfSessionRow | undefined {
  return world.store.kfSessions.get(key(openKfid, external))
}

/** Changes the session of a customer with an account. */
export function setSession(world: World, openKfid: string, external: string, session: KfSessionRow): KfSessionRow {
  return world.store.kfSessions.set(key(openKfid, external), session)
}

/** Keeps a message where sync_msg finds it. */
export function keepKfMessage(
  world: World,
  fields: Omit<KfMessageRow, 'msgid' | 'at'>,
  msgid = letters(32),
): KfMessageRow {
  return world.store.kfMessages.set(msgid, { msgid, at: world.clock.now(), ...fields })
}

/** A customer opens the account's chat: an event message with a code for one greeting. */
export function enterKf(world: World, openKfid: string, external: string, scene = ''): string {
  const code = opaque(43)
  mustExist(world, openKfid, external)
  world.store.kfCodes.set(code, { open_kfid: openKfid, external_userid: external, at: world.clock.now(), used: false })
  const event = {
    event_type: 'enter_session',
    open_kfid: openKfid,
    external_userid: external,
    scene,
    welcome_code: code,
  }
  keepKfMessage(world, {
    open_kfid: openKfid,
    external_userid: external,
    origin: ORIGIN.system,
    msgtype: 'event',
    content: { event },
  })
  tell(world, openKfid)
  return code
}

/** A customer writes to the account: the server may answer five times within 48 hours. */
export function writeToKf(world: World, openKfid: string, external: string, text: string): KfMessageRow {
  mustExist(world, openKfid, external)
  const old = sessionOf(world, openKfid, external)
  const again = old === undefined || old.state === STATE.ended
  setSession(world, openKfid, external, {
    ...(again ? { state: STATE.untouched } : old),
    wroteAt: world.clock.now(),
    answers: 0,
  })
  const message = keepKfMessage(world, {
    open_kfid: openKfid,
    external_userid: external,
    origin: ORIGIN.customer,
    msgtype: 'text',
    content: { text: { content: text } },
  })
  tell(world, openKfid)
  return message
}

/** A servicer answers in the client. */
export function answerKf(world: World, openKfid: string, userid: string, external: string, text: string): KfMessageRow {
  const account = mustExist(world, openKfid, external)
  const session = found(sessionOf(world, openKfid, external), 'session')
  if (!account.servicers.includes(userid)) throw new Refusal(`${userid} is not a servicer of ${openKfid}`)
  if (session.servicer_userid !== userid || session.state !== STATE.servicer)
    throw new Refusal(`${userid} does not serve this customer`)
  const message = keepKfMessage(world, {
    open_kfid: openKfid,
    external_userid: external,
    origin: ORIGIN.servicer,
    servicer_userid: userid,
    msgtype: 'text',
    content: { text: { content: text } },
  })
  deliverKf(world, openKfid, external, message, text)
  tell(world, openKfid)
  return message
}

/** What the customer receives, in the ledger. */
export function deliverKf(
  world: World,
  openKfid: string,
  external: string,
  { msgid, msgtype, content }: Pick<KfMessageRow, 'msgid' | 'msgtype' | 'content'>,
  text: string,
): void {
  world.ledger.add({
    to: { kind: 'customer', id: external },
    from: openKfid,
    via: 'kf',
    msgtype,
    text,
    content,
    request: msgid,
  })
}

function mustExist(world: World, openKfid: string, external: string) {
  found(world.store.customers.get(external), `customer ${external}`)
  return found(world.store.kfAccounts.get(openKfid), `account ${openKfid}`)
}

/** There is something to pull: the token of the event lifts the limit on pulling for 10 minutes. */
function tell(world: World, openKfid: string): void {
  const Token = `ENC${opaque(40)}`
  world.store.kfTokens.set(Token, { at: world.clock.now(), open_kfid: openKfid })
  world.callbacks.emit({ Event: 'kf_msg_or_event', Token, OpenKfId: openKfid })
}
