import { ApiError } from '../api/errors.ts'
import { opaque } from '../ids.ts'
import type { World } from '../world.ts'

const CODE_MS = 300_000
const TICKET_MS = 1_800_000

/** A code for a member, good once within 5 minutes. */
export function issueCode(world: World, userid: string, scope: string): string {
  const code = opaque(43)
  world.store.oauthCodes.set(code, { userid, scope, at: world.clock.now(), used: false })
  return code
}

/** Who is behind a code. Throws 40029 unknown, 42022 used, 42003 too old. `user_ticket` only with snsapi_privateinfo. */
export function redeem(world: World, code: string): { userid: string; user_ticket?: string; expires_in?: number } {
  const row = world.store.oauthCodes.get(code)
  if (!row) throw new ApiError(40029)
  if (row.used) throw new ApiError(42022)
  const now = world.clock.now()
  if (now - row.at > CODE_MS) throw new ApiError(42003)
  world.store.oauthCodes.set(code, { ...row, used: true })
  if (row.scope !== 'snsapi_privateinfo') return { userid: row.userid }
  const user_ticket = opaque(64)
  world.store.userTickets.set(user_ticket, { userid: row.userid, expires: now + TICKET_MS })
  return { userid: row.userid, user_ticket, expires_in: TICKET_MS / 1000 }
}

/** The member of a user ticket. Throws 84015 unknown, 84014 expired. */
export function redeemUserTicket(world: World, ticket: string): string {
  const row = world.store.userTickets.get(ticket)
  if (!row) throw new ApiError(84015)
  if (row.expires <= world.clock.now()) throw new ApiError(84014)
  return row.userid
}
