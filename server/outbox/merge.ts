import { byteLength } from '@zhiyin/shared/bytes'
import { attachmentLimits, textLimit, type ContentBody } from '@zhiyin/shared/content'
import type { OpenSealed } from '../platform/vault.ts'
import type { Carried, IntentDoc } from './intents.model.ts'
import { nameOf } from './rank.ts'

type Carrying = Pick<IntentDoc, 'body' | 'carries'>

/** Everything one message says: its own words, then those of what goes along, a blank line between. */
export const bodyOf = ({ body, carries = [] }: Carrying): ContentBody | null => {
  if (body === null || carries.length === 0) return body
  const bodies = [body, ...carries.map((each) => each.body)]
  return {
    text: bodies.flatMap(({ text }) => (text === '' ? [] : text)).join('\n\n'),
    attachments: bodies.flatMap(({ attachments }) => attachments),
  }
}

const fits = ({ text, attachments }: ContentBody): boolean =>
  byteLength(text) <= textLimit && attachments.length <= attachmentLimits.count

/** What `loser` would be in the message of `winner`; null where both do not fit into one, or another rep sends it. */
export const carriedBy = (
  winner: Pick<IntentDoc, 'channel' | 'userid' | 'customerId' | 'chatId' | 'externalUserId'> & Carrying,
  loser: IntentDoc,
  open: OpenSealed,
): Carried | null => {
  const same = winner.channel === loser.channel && winner.userid === loser.userid && winner.chatId === loser.chatId
  if (!same || winner.externalUserId !== loser.externalUserId || loser.body === null || loser.carries !== undefined)
    return null
  const carried = { id: loser._id, name: nameOf(loser.cause), body: loser.body }
  const whole = bodyOf({ body: winner.body, carries: [...(winner.carries ?? []), carried] })
  return whole !== null && fits(open(whole)) ? carried : null
}
