import { z } from 'zod'
import { endpoint, IdParams, none } from './endpoint.ts'

const Link = z.object({
  /** Where it leads. */
  url: z.string(),
  title: z.string().nullable(),
  opens: z.int(),
  lastAt: z.iso.datetime().nullable(),
})

/** `opens`: how often; `opened`: links opened at least once, each in a text of its own or shared by all who got the same text. */
export const LinkOpens = z.object({
  opens: z.int(),
  opened: z.int(),
  lastAt: z.iso.datetime().nullable(),
  links: z.array(Link),
})
export type LinkOpens = z.infer<typeof LinkOpens>

/** `shared`: others got the same text with the same links, so these are the openings of all of them. */
export const SendOpens = z.object({ shared: z.boolean(), links: z.array(Link) })
export type SendOpens = z.infer<typeof SendOpens>

export const links = {
  opens: endpoint({
    method: 'GET',
    path: '/api/links/opens',
    permission: 'rep',
    summary: 'How often the links of a content, a broadcast or a rule were opened',
    params: none,
    query: z.object({ of: z.string().regex(/^(content|broadcast|rule):[\w-]{1,64}$/) }),
    body: none,
    output: LinkOpens,
  }),
  ofSend: endpoint({
    method: 'GET',
    path: '/api/sends/:id/opens',
    permission: 'rep',
    summary: 'How often the links of one message were opened',
    params: IdParams,
    query: none,
    body: none,
    output: SendOpens,
  }),
}
