import type { WecomProbe, WecomRead } from '../../wecom/types.ts'
import { wecomOf } from '../../wecom/types.ts'
import { ok, refusedBy, wrong, type Found, type Looks } from '../look.ts'

const WRONG_CORP = 40013
const UNTRUSTED_IP = 60020
/** So many members are looked up one by one. */
const SAMPLE = 20

export type SecretDeps = {
  probe: Pick<WecomProbe, 'token' | 'app'>
  read: Pick<WecomRead, 'followUserList' | 'findUser'>
}

/** What came of a call: its errcode, 0 when it went through, null when it got no answer. */
const errcodeOf = async (call: () => Promise<unknown>): Promise<{ errcode: number | null; error: unknown }> => {
  try {
    await call()
    return { errcode: 0, error: null }
  } catch (error) {
    const refusal = wecomOf(error)
    if (refusal === null) throw error
    return { errcode: refusal.errcode === 0 ? null : refusal.errcode, error }
  }
}

/** Corp, secrets, the trusted address, the app, and whom it may see. */
export const secretLooks = ({ probe, read }: SecretDeps) => {
  const secret = async (of: 'contact' | 'agent'): Promise<Found> => {
    await probe.token(of)
    return ok('secret.ok')
  }
  const looks: Looks<'corp' | 'agent_secret' | 'contact_secret' | 'ip' | 'agent' | 'callable' | 'range'> = {
    corp: async () => {
      const { errcode, error } = await errcodeOf(() => probe.token('agent'))
      if (errcode === 0) return ok('corp.ok')
      // A secret is looked at after corp and address.
      return errcode === null || errcode === WRONG_CORP || errcode === UNTRUSTED_IP ? refusedBy(error) : ok('corp.ok')
    },
    agent_secret: () => secret('agent'),
    contact_secret: () => secret('contact'),
    ip: async () => {
      const tried = [await errcodeOf(() => probe.app()), await errcodeOf(() => read.followUserList())]
      const refused = tried.find(({ errcode }) => errcode === UNTRUSTED_IP)
      if (refused) return refusedBy(refused.error, 'ip.refused')
      const failing = tried.find(({ errcode }) => errcode !== 0)
      return failing ? { ...refusedBy(failing.error), state: 'unknown' } : ok('ip.ok')
    },
    agent: async () => {
      const { name, closed } = await probe.app()
      return closed ? wrong('agent.closed', { name }) : ok('agent.ok', { name })
    },
    callable: async () => {
      await read.followUserList()
      return ok('callable.ok')
    },
    range: async () => {
      const reps = await read.followUserList()
      if (reps.length === 0) return wrong('range.nobody')
      const looked = reps.slice(0, SAMPLE)
      const outside: string[] = []
      for (const userid of looked) if ((await read.findUser(userid)) === 'out_of_range') outside.push(userid)
      if (outside.length > 0) return wrong('range.outside', { userids: outside.join(', ') })
      return ok('range.ok', { reps: reps.length, looked: looked.length })
    },
  }
  return looks
}
