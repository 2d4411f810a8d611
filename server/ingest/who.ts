import { z } from 'zod'
import type { AliasInput } from '@zhiyin/shared/api/ingest'
import { identity, type Identity } from '../profile/read.ts'
import type { Message } from './message.ts'

/** Traits, and types of `context.externalIds`, that say who somebody is. An openid is `<appid>:<openid>`. */
const traitKinds = ['phone', 'email', 'unionid', 'openid', 'crm_id', 'external_userid'] as const
// Most messages have neither, which is no error: to make one of it and catch it costs more than the rest.
const Traits = z.record(z.string(), z.unknown()).optional().catch({})
const ExternalIds = z
  .array(z.object({ id: z.string(), type: z.string() }))
  .optional()
  .catch([])

const known = (identities: readonly (Identity | null)[]): Identity[] => identities.filter((each) => each !== null)

/**
 * Who a message is about: its ids, and what is said of phone, e-mail and other ids in `context.traits`, in `context.externalIds` and in
 * the traits of an identify, at the time of the message. The traits of a group are the company's, not the person's.
 */
export const identitiesOf = ({ kind, input }: Message, at: Date): Identity[] => {
  const traits = { ...Traits.parse(input.context['traits']), ...(kind === 'identify' ? input.traits : {}) }
  return known([
    identity('user_id', input.userId),
    identity('anonymous_id', input.anonymousId),
    ...traitKinds.map((of) => identity(of, traits[of])),
    ...(ExternalIds.parse(input.context['externalIds']) ?? []).flatMap(({ id, type }) =>
      traitKinds.flatMap((of) => (of === type ? identity(of, id) : [])),
    ),
  ]).map((found) => ({ ...found, at }))
}

/** The two an alias says are one. What was called by the previous id may have been a user or a device. */
export const aliasOf = ({ previousId, anonymousId, userId }: AliasInput): [Identity[], Identity[]] => [
  previousId
    ? known([identity('user_id', previousId), identity('anonymous_id', previousId)])
    : known([identity('anonymous_id', anonymousId)]),
  known([identity('user_id', userId)]),
]
