import { createHash } from 'node:crypto'
import type { WantInput } from './want.ts'
import type { Carried } from './intents.model.ts'

type Batched = Pick<WantInput, 'channel' | 'userid' | 'body' | 'cause'> & { readonly carries?: readonly Carried[] }

/** Mass messages that may go out as one: same text and attachments, same sender, same step, and the same that goes along. */
export const batchKeyOf = ({ channel, userid, body, cause, carries = [] }: Batched): string | null => {
  if (channel !== 'mass' && channel !== 'group_mass') return null
  const what = [channel, userid, body, cause?.ruleId, cause?.stepId, cause?.pushId, cause?.broadcastId]
  const along = carries.map(({ name, body: words }) => [name, words])
  return createHash('sha1')
    .update(JSON.stringify(along.length === 0 ? what : [...what, along]))
    .digest('base64url')
}
