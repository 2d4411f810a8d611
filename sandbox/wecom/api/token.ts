import { opaque } from '../ids.ts'
import type { World } from '../world.ts'
import type { Endpoint, Secret } from './endpoint.ts'
import { ApiError } from './errors.ts'

const LIFE_MS = 7_200_000
const SECRETS: readonly Secret[] = ['contact', 'agent', 'sync']

/** The token of a secret: the same one while it lives, else a new one. `expires_in`: seconds it has left. */
export function issueToken(world: World, secret: Secret): { access_token: string; expires_in: number } {
  const now = world.clock.now()
  for (const row of world.store.tokens.values()) {
    if (row.secret === secret && row.expires > now && row.expires <= now + LIFE_MS) {
      return { access_token: row.token, expires_in: Math.ceil((row.expires - now) / 1000) }
    }
  }
  const token = opaque(171)
  world.store.tokens.set(token, { token, secret, expires: now + LIFE_MS })
  return { access_token: token, expires_in: LIFE_MS / 1000 }
}

/** Whose token it is (null: none is asked for), or throws: 41001, 40014, 42001 or the code for a token of the wrong kind. */
export function authorise(world: World, endpoint: Endpoint, token: string | undefined): Secret | null {
  if (endpoint.secrets === 'none') return null
  if (token === undefined || token === '') throw new ApiError(41001)
  const row = world.store.tokens.get(token)
  if (!row) throw new ApiError(40014)
  if (row.expires <= world.clock.now()) throw new ApiError(42001)
  if (!endpoint.secrets.includes(row.secret)) throw new ApiError(endpoint.forbidden)
  return row.secret
}

/** Whose call it is, by its token or (gettoken) its secret; undefined for a robot, or when the token is not one of ours. */
export function callerOf({ store, options }: World, query: URLSearchParams): Secret | undefined {
  const corpsecret = query.get('corpsecret')
  if (corpsecret === null) return store.tokens.get(query.get('access_token') ?? '')?.secret
  const secrets = { contact: options.contactSecret, agent: options.agentSecret, sync: options.syncSecret }
  return SECRETS.find((name) => secrets[name] === corpsecret)
}

/** Ends the tokens of one secret early, without one all, as the platform may do at any time. */
export function revokeTokens({ store }: World, secret?: Secret): void {
  for (const row of [...store.tokens.values()])
    if (secret === undefined || row.secret === secret) store.tokens.delete(row.token)
}
