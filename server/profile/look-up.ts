import type { Contact, CustomerDoc } from './customers.model.ts'
import { lateFromOf } from '../conditions/rhythm.ts'
import { activeAtOf } from '../conditions/seen.ts'
import { indexOf, withoutSealed } from '../platform/vault.ts'
import { consentsOf } from './state/consents.ts'
import { standing } from './state/follows.ts'
import type { CustomerState } from './state/state.ts'
import { normalPhone } from './identity.ts'
import { isStated, traitsOf } from './traits-of.ts'
import type { Signals } from './signals.ts'

type LookUp = Pick<
  CustomerDoc,
  | 'name'
  | 'externalUserId'
  | 'search'
  | 'phones'
  | 'heldBy'
  | 'follows'
  | 'orders'
  | 'purchases'
  | 'spend'
  | 'lastSeenAt'
  | 'lastOrderAt'
  | 'lastProduct'
  | 'medianGapDays'
  | 'lateFrom'
  | 'activeAt'
  | 'consent'
  | 'consents'
>

const text = (value: unknown): string | null =>
  typeof value === 'string' && withoutSealed(value) !== '' ? withoutSealed(value) : null

/** What a customer is called: WeCom's name, else a stated one, else a rep's remark, else a neutral word. */
export const nameOf = (state: CustomerState, contact: Contact | null): string => {
  const remark = contact?.follows.find((follow) => follow.remark)?.remark
  const named = traitsOf(state).get('name') ?? []
  const [newest] = named.toSorted(
    (a, b) => Number(isStated(b.source)) - Number(isStated(a.source)) || b.at.getTime() - a.at.getTime(),
  )
  return text(contact?.name) ?? text(newest?.value) ?? text(remark) ?? '未具名客户'
}

/** Sealed ones by their blind index. */
const phonesOf = (state: CustomerState, contact: Contact | null): string[] => {
  const stated = state.traits.filter(({ key }) => key === 'phone').map(({ value }) => String(value))
  const noted = contact?.follows.flatMap((follow) => follow.mobiles) ?? []
  return [...new Set([...stated, ...noted].flatMap((phone) => indexOf(phone) ?? normalPhone(phone) ?? []))]
}

/** The fields that lists, searches and later stages look a customer up by, worked out from facts and WeCom's word. */
export const lookUpOf = (
  state: CustomerState,
  contact: Contact | null,
  signals: Signals,
  doc: Pick<CustomerDoc, 'createdAt' | 'externalUserId'>,
): LookUp => {
  const follows = state.follows
    .map((follow) => ({ userid: follow.userid, ...standing(follow), channelId: follow.added?.channelId ?? null }))
    .sort((a, b) => b.since.getTime() - a.since.getTime())
  const consents = consentsOf(state)
  const name = nameOf(state, contact)
  const remarks = contact?.follows.flatMap((follow) => follow.remark ?? []) ?? []
  return {
    name,
    externalUserId: contact?.externalUserId ?? doc.externalUserId,
    search: [...new Set([name, ...remarks].flatMap((word) => withoutSealed(word).toLowerCase() || []))],
    phones: phonesOf(state, contact),
    heldBy: follows.filter((follow) => follow.state !== 'deleted_by_rep').map((follow) => follow.userid),
    follows,
    orders: signals.orders.length,
    purchases: signals.purchases,
    spend: signals.spend,
    lastSeenAt: signals.lastSeenAt,
    lastOrderAt: signals.lastOrderAt,
    lastProduct: signals.orders.findLast(({ product }) => product !== null)?.product ?? null,
    medianGapDays: signals.medianGapDays,
    lateFrom: lateFromOf(signals),
    activeAt: activeAtOf(signals.lastSeenAt, doc.createdAt),
    consent: consents.marketing,
    consents,
  }
}
