import { z } from 'zod'
import { none } from '@zhiyin/shared/api/endpoint'
import { LedgerEntry, LiveEvent } from '../contract.ts'
import { get } from '../declare.ts'

const text = z.string().optional()

/** Which entries: all that is given must fit. `request` is a msgid, welcome code or the like, or a request id; `text` is contained. */
export const LedgerQuery = z.object({
  to: text,
  from: text,
  via: LedgerEntry.shape.via.optional(),
  msgtype: text,
  text,
  request: text,
  /** Epoch ms (inclusive), or the id of the last entry known. */
  since: text,
  /** Epoch ms (exclusive). */
  until: z.coerce.number().pipe(z.int()).optional(),
})
/** How many at most; the next page is `since` with the last id of this one. Without it all, if they are no more than 50,000. */
const PagedLedgerQuery = LedgerQuery.extend({ limit: z.coerce.number().pipe(z.int().min(1).max(10_000)).optional() })

/** One call of the platform's API. `errcode` null: the caller got none (hang, cut before, HTTP error, unknown path). */
export const RequestRecord = z.object({
  id: z.string(),
  at: z.int(),
  method: z.string(),
  path: z.string(),
  errcode: z.int().nullable(),
  ms: z.int(),
  /** The kind of fault that hit it, and which. */
  fault: z.string().optional(),
  faultId: z.string().optional(),
})

/** The witnesses: what was received, what was called, what happens now. */
export const watchEndpoints = {
  ledger: get('ledger', '谁真正收到了什么 / what everybody really received', PagedLedgerQuery, z.array(LedgerEntry)),
  countLedger: get(
    'ledger/count',
    '收到几条，用来断言「恰好一次」 / how many; for “exactly once”',
    LedgerQuery,
    z.object({ count: z.int() }),
  ),
  requests: get(
    'requests',
    '平台接口被调用的记录 / calls of the platform’s API',
    z.object({ path: text, since: text }),
    z.array(RequestRecord),
  ),
  events: get(
    'events',
    '实时推送（SSE），每行一个 JSON / server-sent events, each data line one JSON',
    none,
    LiveEvent,
  ),
  openapi: get('openapi.json', '本文档 / this document', none, z.looseObject({ openapi: z.string() })),
}
