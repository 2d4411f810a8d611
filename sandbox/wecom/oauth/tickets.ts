import { getJsApiSignature } from '@wecom/crypto'
import type { z } from 'zod'
import type { JsapiVerify } from '../admin/contract.ts'
import { opaque } from '../ids.ts'
import type { World } from '../world.ts'
import { isTrusted } from './trusted.ts'

export type TicketKind = 'config' | 'agentConfig'
const LIFE_MS = 7_200_000

/** The ticket of a kind: the same one while it lives. Corp ticket = config, app ticket = agentConfig. */
export function issueTicket(world: World, kind: TicketKind): { ticket: string; expires_in: number } {
  const now = world.clock.now()
  for (const row of world.store.tickets.values()) {
    if (row.kind === kind && row.expires > now && row.expires <= now + LIFE_MS) {
      return { ticket: row.ticket, expires_in: Math.ceil((row.expires - now) / 1000) }
    }
  }
  const ticket = opaque(86)
  world.store.tickets.set(ticket, { ticket, kind, expires: now + LIFE_MS })
  return { ticket, expires_in: LIFE_MS / 1000 }
}

/** Checks a page's registration as the client does: corp, agent, trusted domain, and a signature made with a live ticket of that kind. */
export function verifyJsapi(world: World, asked: z.output<typeof JsapiVerify>): { ok: boolean; err_msg: string } {
  const name = asked.kind === 'config' ? 'preVerifyJSAPI' : 'agentConfig'
  const fail = (why: string): { ok: boolean; err_msg: string } => ({ ok: false, err_msg: `${name}:fail ${why}` })
  if (asked.corpid !== world.options.corpId) return fail('invalid corpid')
  if (asked.kind === 'agentConfig' && asked.agentid !== world.options.agentId) return fail('invalid agentid')
  if (!isTrusted(world, asked.url)) return fail('url is not in the trusted domain')
  const url = asked.url.replace(/#.*$/, '')
  const now = world.clock.now()
  for (const row of world.store.tickets.values()) {
    if (row.kind !== asked.kind || row.expires <= now) continue
    const made = getJsApiSignature({ url, ticket: row.ticket, nonceStr: asked.nonceStr, timestamp: asked.timestamp })
    if (made.signature === asked.signature) return { ok: true, err_msg: `${name}:ok` }
  }
  return fail('invalid signature (40093)')
}
