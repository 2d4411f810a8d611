import { randomBytes } from 'node:crypto'
import { getJsApiSignature } from '@wecom/crypto'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Broker } from './broker.ts'
import type { TicketKind, WecomTickets } from './types.ts'

type Deps = {
  brokers: Readonly<Record<TicketKind, Broker>>
  publicUrl: string
  clock: Clock
}

/**
 * Signs pages for the JS-SDK (jssdk.md §1): sha1 over ticket, nonce, time and the address without its #hash. Only pages of our own
 * host, since a signature is good for whoever shows that page.
 */
export const createTickets = ({ brokers, publicUrl, clock }: Deps): WecomTickets => {
  const { host } = new URL(publicUrl)
  return {
    sign: async (kind, url) => {
      const page = URL.canParse(url) ? new URL(url) : null
      if (page?.host !== host || !/^https?:$/.test(page.protocol)) {
        throw new AppError('request.invalid', {
          params: { field: 'url', problem: host },
          fields: [{ path: 'url', message: `must be a page of ${host}` }],
        })
      }
      const timestamp = Math.floor(clock.now() / 1000)
      const nonceStr = randomBytes(12).toString('hex')
      const { value: ticket } = await brokers[kind].get()
      const [bare = ''] = url.split('#')
      const { signature } = getJsApiSignature({ url: bare, ticket, nonceStr, timestamp })
      return { timestamp, nonceStr, signature }
    },
  }
}
