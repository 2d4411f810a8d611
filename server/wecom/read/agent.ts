import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { WecomProbe } from '../types/agent.ts'

const BAD_MEDIA_ID = 40007

type Deps = {
  call: Call
  /** Asks for a token of each secret, whatever is lent already. */
  fetches: Readonly<Record<'contact' | 'agent', () => Promise<unknown>>>
  agentId: string
}

export const createProbe = ({ call, fetches, agentId }: Deps): WecomProbe => ({
  token: async (of) => void (await fetches[of]()),
  app: async () => {
    const { name, close, redirect_domain } = await call(api.agentGet, { agentid: agentId })
    return { name, closed: close === 1, redirectDomain: redirect_domain }
  },
  media: () =>
    unless(
      call(api.mediaGet, { media_id: 'probe' }).then(() => undefined),
      (error) => isWecomError(error, BAD_MEDIA_ID),
      undefined,
    ),
})
