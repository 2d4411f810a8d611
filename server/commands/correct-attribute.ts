import { isEditable } from '@zhiyin/shared/built-in-attributes'
import { isMasked } from '@zhiyin/shared/value-entry'
import type { SignedIn } from '../platform/actor.ts'
import { defaultZone } from '../platform/config.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { identity, typed } from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Value = string | number | boolean | readonly string[]
type Attribute = Definitions['attributes'][number]

type Deps = OnCustomerDeps & { newId: NewId; definitions: { fresh(): Promise<Definitions> } }

/** A phone or an e-mail address in its normal form; anything else as it was written, if it is one of the attribute's values. */
const checked = (value: Value, attribute: Attribute, zone: string): Value => {
  const { key, name, type, choices } = attribute
  const wrong = new AppError('attribute.value', { params: { name, type } })
  if (isMasked(value)) throw new AppError('attribute.masked', {})
  if (key === 'phone' || key === 'email') {
    const found = identity(key, value)
    if (found === null) throw wrong
    return found.value
  }
  const found = typed(value, attribute, { source: 'rep', zone })
  if ('value' in found) return value
  const { problem } = found
  if (problem === 'choice') throw new AppError('attribute.choice', { params: { name, choices: choices.join('、') } })
  throw problem === 'type' ? wrong : new AppError('attribute.problem', { params: { name, problem } })
}

/** A rep states a value of a customer, which beats what systems say, or takes it back. Both are told in the timeline. */
export const correctAttribute = ({ read, append, fold, clock, audit, newId, definitions }: Deps) => {
  const say = async (actor: SignedIn, customerId: string, key: string, value: Value | null): Promise<void> => {
    await append([
      {
        id: newId('fact'),
        customerId,
        type: 'profile.identified',
        at: clock.date(),
        source: 'rep',
        payload: { traits: { [key]: value }, source: 'rep', by: byOf(actor) },
      },
    ])
    await fold(customerId)
    const act = value === null ? 'customer.attribute_undone' : 'customer.attribute_stated'
    await audit.record({ actor, act, subject: `customer:${customerId}`, detail: { key } })
  }
  return {
    /** Throws not_found, policy.not_your_customer, attribute.not_editable, attribute.value, attribute.choice, attribute.masked. */
    state: async (actor: SignedIn, customerId: string, key: string, value: Value): Promise<void> => {
      await ownCustomer(read, actor, customerId)
      const { attributes, zone = defaultZone } = await definitions.fresh()
      const attribute = attributes.find((one) => one.key === key)
      if (attribute === undefined) throw notFound('attribute', key)
      if (!isEditable(attribute)) throw new AppError('attribute.not_editable', { params: { name: attribute.name } })
      await say(actor, customerId, key, checked(value, attribute, zone))
    },
    /** Takes back what reps stated; what others said counts again. */
    undo: async (actor: SignedIn, customerId: string, key: string): Promise<void> => {
      await ownCustomer(read, actor, customerId)
      await say(actor, customerId, key, null)
    },
  }
}
