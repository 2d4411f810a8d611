import type { Broker, Loan } from './broker.ts'
import type { Call } from './client.ts'
import * as api from './endpoints/index.ts'
import { WecomError } from './errors.ts'

/** Asks WeCom for a new access token of a secret. A refused secret is a fault of our settings, never a stale token. */
export const fetchToken = (call: Call, corpId: string, secret: string) => async (): Promise<Loan> => {
  try {
    const answer = await call(api.getToken, { corpid: corpId, corpsecret: secret })
    return { value: answer.access_token, expiresInSeconds: answer.expires_in }
  } catch (error) {
    if (!(error instanceof WecomError) || error.kind !== 'token') throw error
    const { path, errcode, hint } = error
    throw new WecomError({ kind: 'config', path, errcode, hint, cause: error })
  }
}

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
