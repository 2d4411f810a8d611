import { z } from 'zod'
import type { AliasInput } from '@zhiyin/shared/api/ingest'
import { identity, type Identity } from '../profile/read.ts'
import type { Message } from './message.ts'

const traitKinds = { phone: 'phone', email: 'email', unionid: 'unionid', external_userid: 'external_userid' } as const
const Traits = z.record(z.string(), z.unknown()).catch({})

const known = (identities: readonly (Identity | null)[]): Identity[] => identities.filter((each) => each !== null)

/**
 * Who a message is about: its ids, and what is said of phone, e-mail, unionid and external_userid in `context.traits` and in the traits
 * of an identify, at the time of the message. The traits of a group are the company's, not the person's.
 */
export const identitiesOf = ({ kind, input }: Message, at: Date): Identity[] => {
  const traits = { ...Traits.parse(input.context['traits']), ...(kind === 'identify' ? input.traits : {}) }
  return known([
    identity('user_id', input.userId),
    identity('anonymous_id', input.anonymousId),
    ...Object.entries(traitKinds).map(([trait, of]) => identity(of, traits[trait])),
  ]).map((found) => ({ ...found, at }))
}

/** The two an alias says are one. What was called by the previous id may have been a user or a device. */
export const aliasOf = ({ previousId, anonymousId, userId }: AliasInput): [Identity[], Identity[]] => [
  previousId
    ? known([identity('user_id', previousId), identity('anonymous_id', previousId)])
    : known([identity('anonymous_id', anonymousId)]),
  known([identity('user_id', userId)]),
]
