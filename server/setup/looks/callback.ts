import { randomBytes, randomInt } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import type { Clock } from '../../platform/clock.ts'
import { ok, unknown, whyOf, wrong, type Looks } from '../look.ts'

const TIMEOUT_MS = 5000
/** WeCom waits about a second for the answer. */
const PATIENCE_MS = 1000

export type CallbackDeps = {
  publicUrl: string
  corpId: string
  token: string
  aesKey: string
  clock: Clock
  /** When the last callback came; null: none yet. */
  lastCallback: () => Promise<Date | null>
}

export const callbackUrlOf = (publicUrl: string): string => `${publicUrl}/wecom/callback`

/** The receive URL, asked as WeCom asks when its settings are saved (callbacks.md §1), and whether callbacks come. */
export const callbackLooks = ({ publicUrl, corpId, token, aesKey, clock, lastCallback }: CallbackDeps) => {
  const url = callbackUrlOf(publicUrl)
  const looks: Looks<'callback' | 'callback_seen'> = {
    callback: async () => {
      const word = String(randomInt(1e9, 1e10))
      const [timestamp, nonce] = [String(Math.floor(clock.now() / 1000)), randomBytes(8).toString('hex')]
      const echostr = encrypt(aesKey, word, corpId)
      const query = new URLSearchParams({
        msg_signature: getSignature(token, timestamp, nonce, echostr),
        timestamp,
        nonce,
        echostr,
      })
      const before = performance.now()
      try {
        const response = await fetch(`${url}?${query.toString()}`, {
          redirect: 'manual',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        const text = await response.text()
        const took = Math.round(performance.now() - before)
        if (response.status !== 200) return wrong('callback.refused', { url, why: `HTTP ${response.status}` })
        if (text !== word) return wrong('callback.refused', { url, why: 'another text' })
        return took > PATIENCE_MS ? wrong('callback.slow', { url, took }) : ok('callback.ok', { url, took })
      } catch (error) {
        return wrong('callback.away', { url, why: whyOf(error) })
      }
    },
    callback_seen: async () => {
      const at = await lastCallback()
      return at === null ? unknown('callback_seen.none', { url }) : ok('callback_seen.ok', { at: at.getTime() })
    },
  }
  return looks
}
