import type { CustomerDoc } from './customers.model.ts'
import { personOf } from './place/person.ts'
import type { Definitions } from './types.ts'

/** Where to reach somebody: the phone and e-mail address that count, sealed as they are kept; null also where they are marked as sensitive. */
export type Reach = { readonly phone: string | null; readonly email: string | null }

/** Read only in part: what attributes are worked out of. */
export type ReachDoc = Pick<CustomerDoc, '_id' | 'state' | 'contact'>

export const reachOf = ({ state, contact }: ReachDoc, definitions: Definitions): Reach => {
  // Neither changes by time alone, so any moment does.
  const said = personOf(state, contact, definitions).attributes.saidAt(new Date(0))
  const of = (wanted: string): string | null => {
    const found = said.find(({ key }) => key === wanted)
    const value = found?.attribute?.sensitivity === 'sensitive' ? null : found?.best.value
    return typeof value === 'string' && value !== '' ? value : null
  }
  return { phone: of('phone'), email: of('email') }
}
