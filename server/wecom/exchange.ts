import { messageOf } from '../platform/errors.ts'

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
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return codeOf(error.cause)
}

/** One HTTP exchange of JSON. Never rejects; redirects are not followed, since they would carry the token elsewhere. */
export const exchange = async (
  address: URL,
  { method, timeoutMs, body }: { method: 'GET' | 'POST'; timeoutMs: number; body?: string },
): Promise<Answered> => {
  try {
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json; charset=utf-8' } }),
    })
    const text = await response.text()
    if (response.status !== 200) return { state: 'lost', hint: `HTTP ${response.status}` }
    return { state: 'answered', body: JSON.parse(text) }
  } catch (cause) {
    const code = codeOf(cause)
    const hint = code ?? (cause instanceof SyntaxError ? 'an answer that is not JSON' : messageOf(cause))
    return { state: code !== undefined && beforeSending.has(code) ? 'not_sent' : 'lost', hint, cause }
  }
}
