import type { EventFields } from '../callback/xml.ts'
import { opaque } from '../ids.ts'
import type { World } from '../world.ts'
import { mustBeMember } from './members.ts'
import { found, Refusal } from './refusal.ts'

/** A new welcome code for a pair. */
export function issueWelcomeCode(world: World, userid: string, externalUserid: string): string {
  const code = opaque(43)
  world.store.welcomeCodes.set(code, {
    code,
    userid,
    external_userid: externalUserid,
    at: world.clock.now(),
    state: 'open',
  })
  return code
}

/** Pairs are told apart by a line break, which no id contains. */
const key = (userid: string, externalUserid: string): string => `${userid}\n${externalUserid}`

/**
 * A customer adds a member in a way that asks for no verification, and the member has not added him back yet: `add_half_external_contact`
 * fires with a welcome code. They are contacts only once the member adds him too.
 */
export function addHalf(
  world: World,
  { userid, external_userid, state }: { userid: string; external_userid: string; state?: string | undefined },
): string {
  mustBeMember(world, userid)
  found(world.store.customers.get(external_userid), `customer ${external_userid}`)
  const relation = world.relations.get(userid, external_userid)
  if (relation && !relation.customerDeleted) throw new Refusal('they are contacts already')
  const code = issueWelcomeCode(world, userid, external_userid)
  world.store.halves.set(key(userid, external_userid), code)
  const fields: EventFields = {
    Event: 'change_external_contact',
    ChangeType: 'add_half_external_contact',
    UserID: userid,
    ExternalUserID: external_userid,
  }
  if (state !== undefined && state !== '') fields['State'] = state
  fields['WelcomeCode'] = code
  world.callbacks.emit(fields)
  return code
}

/** A half contact becomes a whole one: the first code is of no use any more. Tells whether he was welcomed with it. */
export function endHalf(world: World, userid: string, externalUserid: string): boolean {
  const half = world.store.halves.get(key(userid, externalUserid))
  if (half === undefined) return false
  world.store.halves.delete(key(userid, externalUserid))
  const code = world.store.welcomeCodes.get(half)
  if (code?.state === 'open') world.store.welcomeCodes.set(half, { ...code, state: 'begun' })
  return code?.state === 'used'
}

/** The customer agrees to the archiving of what they say: `msg_audit_approved` fires. */
export function agreeToArchiving(world: World, userid: string, externalUserid: string): void {
  found(world.relations.get(userid, externalUserid), 'relation')
  world.callbacks.emit({
    Event: 'change_external_contact',
    ChangeType: 'msg_audit_approved',
    UserID: userid,
    ExternalUserID: externalUserid,
  })
}
