import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { messageOf } from '../platform/errors.ts'
import type { Payload } from './form.ts'

/** `not_sent`: the connection was never made, so WeCom did nothing; `lost`: nobody knows. Hints carry no address and no token. */
export type Answered =
  | { readonly state: 'answered'; readonly body: unknown }
  | { readonly state: 'not_sent' | 'lost'; readonly hint: string; readonly cause?: unknown }

const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * Kept-alive connections, given up after 4 s of silence: before the other end may close them under a call. node:http because the built-in
 * fetch costs five times as much of the processor a call.
 */
const keeping = { keepAlive: true, timeout: 4000 }
const agents = { http: new HttpAgent(keeping), https: new HttpsAgent(keeping) }

/** No answer within the time given. */
export class TooLate extends Error {
  constructor(afterMs: number) {
    super(`no answer within ${afterMs} ms`)
    this.name = 'TooLate'
  }
}

const textOf = (response: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    response.on('data', (part: Buffer) => void parts.push(part))
    response.once('end', () => resolve(Buffer.concat(parts).toString('utf8')))
    response.once('error', reject)
  })

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}

type Ask = { method: 'GET' | 'POST'; timeoutMs: number; body?: Payload }

/** One HTTP exchange of JSON, or of a form with a file. Never rejects; redirects are not followed, since they would carry the token elsewhere. */
export const exchange = async (address: URL, { method, timeoutMs, body }: Ask): Promise<Answered> => {
  const secure = address.protocol === 'https:'
  const headers = body && { 'content-type': body.type, 'content-length': Buffer.byteLength(body.bytes) }
  const options = { method, agent: secure ? agents.https : agents.http, ...(headers ? { headers } : {}) }
  const request = secure ? httpsRequest(address, options) : httpRequest(address, options)
  let connected = false
  request.once('socket', (socket) => {
    // A kept connection says nothing more; a listener on it would stay.
    if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true))
    else connected = true
  })
  const timer = setTimeout(() => request.destroy(new TooLate(timeoutMs)), timeoutMs)
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.on('error', reject)
      request.once('response', resolve)
      request.end(body?.bytes)
    })
    const text = await textOf(response)
    if (response.statusCode !== 200) return { state: 'lost', hint: `HTTP ${response.statusCode}` }
    return { state: 'answered', body: JSON.parse(text) }
  } catch (cause) {
    const code = codeOf(cause)
    const sent = connected && !(code !== undefined && beforeSending.has(code))
    const hint = code ?? (cause instanceof SyntaxError ? 'an answer that is not JSON' : messageOf(cause))
    return { state: sent ? 'lost' : 'not_sent', hint, cause }
  } finally {
    clearTimeout(timer)
  }
}
