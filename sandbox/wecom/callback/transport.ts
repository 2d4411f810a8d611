import type { z } from 'zod'
import type { CallbackDelivery } from '../admin/endpoints/callbacks.ts'
import { challenge, type Envelope, type Keys } from './envelope.ts'

type Attempt = z.infer<typeof CallbackDelivery>['attempts'][number]

/** Appends the signed query to the receiver's URL, keeping the parameters it has. */
function withQuery(url: string, query: URLSearchParams): string {
  const target = new URL(url)
  for (const [name, value] of query) target.searchParams.append(name, value)
  return target.href
}

/** Why a request failed, in a few words. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? error.cause.message : error.message
}

/** Posts one envelope; anything but a 200 in time is a failure. `at` is the stand-in's time of the attempt; `text` what was answered. */
export async function post(
  url: string,
  envelope: Envelope,
  timeoutMs: number,
  at: number,
): Promise<{ attempt: Attempt; text: string }> {
  const started = performance.now()
  const spent = (): number => Math.round(performance.now() - started)
  try {
    const response = await fetch(withQuery(url, envelope.query), {
      method: 'POST',
      headers: { 'content-type': envelope.type },
      body: envelope.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    return { attempt: { at, status: response.status, ms: spent() }, text }
  } catch (error) {
    return { attempt: { at, status: null, ms: spent(), error: reason(error) }, text: '' }
  }
}

/** Verifies a callback URL as saving it in WeCom does. Answers null when it passed, else what was wrong. */
export async function verify(url: string, keys: Keys, seconds: number, timeoutMs: number): Promise<string | null> {
  const { query, expected } = challenge(keys, seconds)
  try {
    const response = await fetch(withQuery(url, query), { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    const text = await response.text()
    if (response.status !== 200) return `it answered HTTP ${response.status}`
    return text === expected ? null : 'it did not answer the decrypted echostr and nothing else'
  } catch (error) {
    return reason(error)
  }
}
