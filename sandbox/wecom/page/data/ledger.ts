import type { Line } from './api.ts'

/** One message to one receiver: the same twice is a mistake somebody should see. Chat lines each have a request of their own. */
export const receivedKey = ({ to, request, text }: Line): string => `${to.kind}\n${to.id}\n${request}\n${text}`

/** How often each message was received. */
export function countReceived(lines: readonly Line[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of lines) {
    const key = receivedKey(line)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
