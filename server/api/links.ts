import { links as endpoints } from '@zhiyin/shared/api/links'
import type { Links } from '../links/links.ts'
import type { SendsRead } from '../outbox/read.ts'
import { scopeOf, within } from '../platform/actor.ts'
import { forbidden, notFound } from '../platform/errors.ts'
import { bind, type Bound } from './bind.ts'

type Deps = { links: Pick<Links, 'opensOf' | 'opensIn'>; sendsRead: Pick<SendsRead, 'get'> }

export const linksApi = ({ links, sendsRead }: Deps): Bound[] => [
  bind(endpoints.opens, ({ query }) => links.opensOf(query.of)),
  bind(endpoints.ofSend, async ({ actor, params }) => {
    const send = await sendsRead.get(params.id)
    if (send === null) throw notFound('send', params.id)
    if (!within(scopeOf(actor), send.userid)) throw forbidden('manager')
    return send.body === null ? { shared: false, links: [] } : links.opensIn(send.body)
  }),
]
