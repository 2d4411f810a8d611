import { z } from 'zod'
import { deliverKf, keepKfMessage, sessionOf, setSession, STATE } from '../company/kf.ts'
import type { KfMessageRow, KfSessionRow } from '../store/rows-kf.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { accountOf } from './kf-accounts.ts'
import { Body, filesOf, Greeting, summary } from './kf-bodies.ts'
import { cursor, flag, limit, seconds, userid } from './schema.ts'

const kf = '/cgi-bin/kf'
const WINDOW_MS = 48 * 3_600_000
const TOKEN_MS = 10 * 60_000
const CODE_MS = 20_000
const ANSWERS = 5
const SERVER = 5

const open_kfid = z.string().min(1)
const external_userid = z.string().min(1)
const msgid = z
  .string()
  .regex(/^[\w-]{1,32}$/)
  .optional()
/** Sends what the server has to say, and keeps it. A msgid of the caller's is good once. */
function send(world: World, openKfid: string, external: string, body: Body, own: string | undefined): string {
  for (const id of filesOf(body)) checkMedia(world, id)
  if (own !== undefined && world.store.kfMessages.has(own)) throw new ApiError(40058, 'msgid is used')
  const fields = {
    open_kfid: openKfid,
    external_userid: external,
    origin: SERVER,
    msgtype: body.msgtype,
    content: body,
  } as const
  const message = keepKfMessage(world, fields, own)
  deliverKf(world, openKfid, external, message, summary(body))
  return message.msgid
}

/** The session, if the server may write into it: 95013 ended, 95018 a servicer or the pool has it, 95002 too late, 95001 too often. */
function writable(world: World, openKfid: string, external: string): KfSessionRow {
  const session = known(sessionOf(world, openKfid, external), 95002)
  if (session.state === STATE.ended) throw new ApiError(95013)
  if (session.state === STATE.pool || session.state === STATE.servicer) throw new ApiError(95018)
  if (world.clock.now() - session.wroteAt > WINDOW_MS) throw new ApiError(95002)
  if (session.answers >= ANSWERS) throw new ApiError(95001)
  return session
}

function shown({ at, content, ...message }: KfMessageRow) {
  const body = z.looseObject({}).parse(content)
  return { ...message, send_time: seconds(at), ...body }
}

/** From where a session may go where: an ended one nowhere, a servicer's only to another, or to its end. */
const NEXT: Record<number, readonly number[]> = {
  [STATE.untouched]: [STATE.assistant, STATE.pool, STATE.servicer, STATE.ended],
  [STATE.assistant]: [STATE.pool, STATE.servicer, STATE.ended],
  [STATE.pool]: [STATE.servicer, STATE.ended],
  [STATE.servicer]: [STATE.servicer, STATE.ended],
  [STATE.ended]: [],
}

/** Messages of 微信客服. */
export const kfMessages = [
  post(
    `${kf}/sync_msg`,
    z.object({
      cursor,
      token: z.string().optional(),
      limit: limit(1000, 1000),
      voice_format: flag.optional(),
      open_kfid,
    }),
    (world, asked) => {
      accountOf(world, asked.open_kfid)
      if (asked.token !== undefined && asked.token !== '') {
        const token = known(world.store.kfTokens.get(asked.token), 95007)
        if (token.open_kfid !== asked.open_kfid || world.clock.now() - token.at > TOKEN_MS) throw new ApiError(95007)
      }
      const all = [...world.store.kfMessages.values()].filter((one) => one.open_kfid === asked.open_kfid)
      const { rows, next_cursor, more } = after(all, asked.open_kfid, asked.cursor, asked.limit)
      return { next_cursor, has_more: more ? 1 : 0, msg_list: rows.map(shown) }
    },
  ),
  post(
    `${kf}/send_msg`,
    z.intersection(z.object({ touser: external_userid, open_kfid, msgid }), Body),
    (world, { touser, open_kfid: account, msgid: own, ...body }) => {
      accountOf(world, account)
      if (!world.store.customers.has(touser)) throw new ApiError(40096)
      const session = writable(world, account, touser)
      const sent = send(world, account, touser, body, own)
      setSession(world, account, touser, { ...session, answers: session.answers + 1 })
      return { msgid: sent }
    },
  ),
  post(
    `${kf}/send_msg_on_event`,
    z.intersection(z.object({ code: z.string().min(1), msgid }), Greeting),
    (world, { code, msgid: own, ...body }) => {
      const row = world.store.kfCodes.get(code)
      if (!row || row.used || world.clock.now() - row.at > CODE_MS) throw new ApiError(40058, 'code')
      const sent = send(world, row.open_kfid, row.external_userid, body, own)
      world.store.kfCodes.set(code, { ...row, used: true })
      return { msgid: sent }
    },
  ),
  post(`${kf}/service_state/get`, z.object({ open_kfid, external_userid }), (world, asked) => {
    accountOf(world, asked.open_kfid)
    const session = sessionOf(world, asked.open_kfid, asked.external_userid)
    const servicer = session?.servicer_userid
    return {
      service_state: session?.state ?? STATE.untouched,
      ...(servicer === undefined ? {} : { servicer_userid: servicer }),
    }
  }),
  post(
    `${kf}/service_state/trans`,
    z.object({ open_kfid, external_userid, service_state: z.int().min(1).max(4), servicer_userid: userid.optional() }),
    (world, asked) => {
      const account = accountOf(world, asked.open_kfid)
      const session = known(sessionOf(world, asked.open_kfid, asked.external_userid), 95018)
      if (NEXT[session.state]?.includes(asked.service_state) !== true) throw new ApiError(95016)
      const { servicer_userid: _old, ...rest } = session
      const next: KfSessionRow = { ...rest, state: asked.service_state }
      if (asked.service_state === STATE.servicer) {
        const servicer = known(asked.servicer_userid, 40063, 'servicer_userid')
        if (!account.servicers.includes(servicer)) throw new ApiError(95014)
        next.servicer_userid = servicer
      }
      setSession(world, asked.open_kfid, asked.external_userid, next)
      return {}
    },
  ),
]

/** The messages after the cursor's. The cursor stays good for ever: it names the last message pulled. */
function after(all: KfMessageRow[], scope: string, cursor: string | undefined, limit: number) {
  const start = cursor === undefined || cursor === '' ? 0 : placeOf(all, scope, cursor) + 1
  const rows = all.slice(start, start + limit)
  const last = rows.at(-1)
  const next_cursor = last ? pack(scope, last.msgid) : (cursor ?? '')
  return { rows, next_cursor, more: start + rows.length < all.length }
}

function placeOf(all: KfMessageRow[], scope: string, cursor: string): number {
  const place = all.findIndex((one) => pack(scope, one.msgid) === cursor)
  if (place === -1) throw new ApiError(50100)
  return place
}

const pack = (scope: string, id: string): string => Buffer.from(`${scope}\n${id}`).toString('base64url')
