import { createHash } from 'node:crypto'
import { webhookSend } from './endpoints/index.ts'
import { WecomError } from './errors.ts'
import { defaultBase } from './oauth.ts'

/** Where a robot is called, the secret key that names it, and the narrower scope of its rate. */
export type Robot = { readonly base: string; readonly key: string; readonly scope: string }

/** Reads the address of a robot's webhook: WeCom's or our API base's, nowhere else. Another one is refused without a call (93000). */
export const createRobotOf = (base: string): ((webhook: string) => Robot) => {
  const bases = [defaultBase, new URL(base).origin]
  return (webhook) => {
    const address = URL.canParse(webhook) ? new URL(webhook) : null
    const key = address?.searchParams.get('key') ?? ''
    const known = address !== null && bases.includes(address.origin) && address.pathname === webhookSend.path
    if (!known || key === '') {
      throw new WecomError({ kind: 'config', path: webhookSend.path, errcode: 93000, hint: 'not a webhook address' })
    }
    return { base: address.origin, key, scope: createHash('sha256').update(key).digest('hex').slice(0, 16) }
  }
}
