import { z } from 'zod'
import { none } from '@zhiyin/shared/api/endpoint'
import { get, post, removeAt } from '../declare.ts'

/**
 * A fault on calls of the platform's API. It hits until `times` calls were hit or `forMs` (real time) is over; without both once, the
 * last four kinds as said. Faults are looked at in the order they were set; the first that fits hits.
 */
export const Fault = z.object({
  /** Paths that start with this; '' all. With `exact` only this path. */
  path: z.string().default(''),
  exact: z.boolean().default(false),
  /** Only calls with this secret's token (or, for gettoken, this secret): `contact` 客户联系, `agent` the app. */
  secret: z.enum(['contact', 'agent', 'sync']).optional(),
  /**
   * errcode: `errcode` (-1) is answered, nothing is done · http_5xx: `status` (502) · hang: no answer, nothing done; cut after `ms`, else never ·
   * slow: done after `ms` (1000) · cut_before: the connection is cut, nothing done · cut_after: it is done, then the connection is cut ·
   * token_revoked: all tokens (those of `secret`) end before this call, as the platform may do ·
   * rate_limit: 45009 for `ms` (60000) of the stand-in's clock ·
   * quota_used: until the stand-in's day (China) ends: 41045 for contact ways, 41095 links, 40126 tags, else 45009 ·
   * ip_refused: 60020 until removed · app_not_allowed: 48002 until removed
   */
  kind: z.enum([
    'errcode',
    'http_5xx',
    'hang',
    'slow',
    'cut_before',
    'cut_after',
    'token_revoked',
    'rate_limit',
    'quota_used',
    'ip_refused',
    'app_not_allowed',
  ]),
  errcode: z.int().optional(),
  status: z.int().min(500).max(599).optional(),
  ms: z.int().min(0).optional(),
  /** Begins once so many more calls have passed. */
  after: z.int().min(0).optional(),
  /** Calls it hits; 0 = until removed. */
  times: z.int().min(0).optional(),
  forMs: z.int().min(1).optional(),
})

/** `left` calls it still hits, null: no limit; `remainingMs` until its time is over, null: no limit; `hits` so far. */
export const ActiveFault = Fault.extend({
  id: z.string(),
  left: z.int().nullable(),
  remainingMs: z.int().nullable(),
  hits: z.int(),
})

/** The fault switches. */
export const faultEndpoints = {
  list: get('faults', '生效中的故障 / the faults that are on', none, z.array(ActiveFault)),
  add: post('faults', '打开一个故障 / switch a fault on', Fault, ActiveFault),
  clear: removeAt('faults', '关闭全部故障 / switch all faults off', none),
  remove: removeAt('faults/:id', '关闭一个故障 / switch one fault off', z.object({ id: z.string() })),
}
