import { z } from 'zod'
import { endpoint, none, Page, pageOf } from './endpoint.ts'

const Rep = z.object({ userid: z.string(), name: z.string() })

/** A customer who deleted a rep (流失). */
export const Loss = z.object({
  customerId: z.string(),
  customer: z.string(),
  rep: Rep,
  at: z.iso.datetime(),
  times: z.int(),
  /** Who holds the customer now. */
  heldBy: z.array(Rep),
  wonBackAt: z.iso.datetime().nullable(),
})
export type Loss = z.infer<typeof Loss>

export const losses = {
  list: endpoint({
    method: 'GET',
    path: '/api/losses',
    permission: 'rep',
    summary: 'Customers who deleted a rep, newest first; a rep sees their own',
    params: none,
    query: Page,
    body: none,
    output: pageOf(Loss),
  }),
}
