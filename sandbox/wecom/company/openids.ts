import { createHash } from 'node:crypto'

/** The openid a person has at this corp: always the same for the same person. */
export function openidOf(corpId: string, id: string): string {
  return `o${createHash('sha256').update(`${corpId}\n${id}`).digest('base64url').slice(0, 27)}`
}

/** The id under which a stranger's unionid waits until he becomes a customer. */
export function pendingIdOf(corpId: string, unionid: string): string {
  return `p${createHash('sha256').update(`pending\n${corpId}\n${unionid}`).digest('base64url').slice(0, 31)}`
}
