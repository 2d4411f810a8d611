import type { Broker, Loan } from './broker.ts'
import type { Call } from './client.ts'
import * as api from './endpoints/index.ts'
import { WecomError } from './errors.ts'

/**
 * Asks WeCom for a new access token of a secret. A refused secret is a fault of our settings, never a stale token; its path carries
 * the setting's name, since one secret may be wrong while the other is right.
 */
export const fetchToken = (call: Call, corpId: string, name: string, secret: string) => async (): Promise<Loan> => {
  try {
    const answer = await call(api.getToken, { corpid: corpId, corpsecret: secret })
    return { value: answer.access_token, expiresInSeconds: answer.expires_in }
  } catch (error) {
    if (!(error instanceof WecomError) || (error.kind !== 'token' && error.kind !== 'config')) throw error
    const { path, errcode, hint } = error
    throw new WecomError({ kind: 'config', path: namedPath(path, name), errcode, hint, cause: error })
  }
}

/** The path of a call for one secret, as faults tell it. */
export const namedPath = (path: string, name: string): string => `${path} ${name}`

const loanOf = ({ ticket, expires_in }: { ticket: string; expires_in: number }): Loan => ({
  value: ticket,
  expiresInSeconds: expires_in,
})

/** The corp ticket signs `config`, the app's ticket `agentConfig`; mixing them up is 40093. */
export const fetchTicket = {
  corp: (call: Call) => async (): Promise<Loan> => loanOf(await call(api.corpTicket, {})),
  agent: (call: Call) => async (): Promise<Loan> => loanOf(await call(api.agentTicket, { type: 'agent_config' })),
}

/** For calls that carry no token (gettoken itself). */
export const noTokens: { readonly contact: Broker; readonly agent: Broker } = {
  contact: { get: () => never(), renew: () => never() },
  agent: { get: () => never(), renew: () => never() },
}

function never(): Promise<never> {
  return Promise.reject(new TypeError('this call carries no token'))
}
