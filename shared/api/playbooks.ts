import { z } from 'zod'
import { Installed, Playbook, PlaybookRule } from '../playbooks.ts'
import { endpoint, IdParams, none } from './endpoint.ts'

export const playbooks = {
  list: endpoint({
    method: 'GET',
    path: '/api/playbooks',
    permission: 'manager',
    summary: 'Ready rules with contents and talk tracks for a trade, and what of them is installed',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Playbook) }),
  }),
  /** What is there already stays as it is; the answer says which. */
  install: endpoint({
    method: 'POST',
    path: '/api/playbooks/:id/install',
    permission: 'manager',
    summary: 'Make the contents, talk tracks and draft rules of a playbook, in the caller’s language',
    params: IdParams,
    query: none,
    body: z.object({
      /** Which rules; absent: all. */
      rules: z.array(PlaybookRule).min(1).optional(),
      /** The batch offers take their coupon codes from; absent: they carry none. */
      couponId: z.string().max(64).optional(),
    }),
    output: Installed,
  }),
}
