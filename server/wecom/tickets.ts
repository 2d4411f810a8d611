import { randomBytes } from 'node:crypto'
import { getJsApiSignature } from '@wecom/crypto'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Broker } from './broker.ts'
import type { TicketKind, WecomTickets } from './types/identity.ts'

type Deps = {
  brokers: Readonly<Record<TicketKind, Broker>>
  /** Origins of our own pages, as a browser shows them: `https://scrm.example.com`, `https://example.com:8443`. */
  origins: readonly string[]
  clock: Clock
}

/**
 * The page's address without its #hash when it is one of ours, else null. The text itself must begin with our origin, as every address
 * that a browser shows does: what only becomes ours by parsing (user@, backslashes, other cases, a default port) is not signed.
 */
export const pageOf = (url: string, origins: readonly string[]): string | null => {
  const [page = ''] = url.split('#')
  if (/[\s\\\p{Cc}]/u.test(page) || !URL.canParse(page)) return null
  const ours = origins.some(
    (origin) => page === origin || page.startsWith(`${origin}/`) || page.startsWith(`${origin}?`),
  )
  return ours ? page : null
}

/**
 * Signs pages for the JS-SDK (jssdk.md §1): sha1 over ticket, nonce, time and the address without its #hash. Only pages of our own
 * hosts, since a signature is good for whoever shows that page.
 */
export const createTickets = ({ brokers, origins, clock }: Deps): WecomTickets => ({
  sign: async (kind, url, { refused } = { refused: false }) => {
    const page = pageOf(url, origins)
    if (page === null) {
      const hosts = origins.join(', ')
      throw new AppError('request.invalid', {
        params: { field: 'url', problem: hosts },
        fields: [{ path: 'url', message: `must be a page of ${hosts}` }],
      })
    }
    const timestamp = Math.floor(clock.now() / 1000)
    const nonceStr = randomBytes(12).toString('hex')
    const lent = await brokers[kind].get()
    const { value: ticket } = refused ? await brokers[kind].renew(lent) : lent
    const { signature } = getJsApiSignature({ url: page, ticket, nonceStr, timestamp })
    return { timestamp, nonceStr, signature }
  },
})
