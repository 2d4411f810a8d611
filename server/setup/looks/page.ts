import { getJsApiSignature } from '@wecom/crypto'
import type { WecomTickets } from '../../wecom/types.ts'
import { ok, wrong, type Looks } from '../look.ts'

/** The vector of jssdk.md §1. */
const vector = {
  asked: { ticket: 't', nonceStr: 'n', timestamp: 1, url: 'https://a/b' },
  signature: '5cf8f9ff8eab69a8cc93ec03cc88769a6541daf7',
}

export type PageDeps = { publicUrl: string; tickets: WecomTickets }

/** What the sidebar needs to be let in by the client. */
export const pageLooks = ({ publicUrl, tickets }: PageDeps) => {
  const url = `${new URL(publicUrl).origin}/sidebar/`
  const looks: Looks<'tickets' | 'signature'> = {
    tickets: async () => {
      await tickets.sign('corp', url)
      await tickets.sign('agent', url)
      return ok('tickets.ok')
    },
    signature: async () => {
      if (getJsApiSignature(vector.asked).signature !== vector.signature) return wrong('signature.wrong')
      await tickets.sign('agent', `${url}#/`)
      return ok('signature.ok', { url })
    },
  }
  return looks
}
