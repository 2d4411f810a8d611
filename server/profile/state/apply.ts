import type { Attribute } from '@zhiyin/shared/attribute'
import { interactionTypes, isTagFoundOut, type Fact } from '@zhiyin/shared/fact'
import { askedBy } from '../computed/asked.ts'
import { keepFor } from './computed.ts'
import { close, open, type Draft } from './draft.ts'
import { addContact, deleteContact, isTakeOver } from './follows.ts'
import { identifyConsents, setConsent } from './consents.ts'
import { noteEvent } from './events.ts'
import { interact, noteTopics } from './interactions.ts'
import { earliest, write } from './merge.ts'
import { cancelOrder, placeOrder, refundOrder, updateOrder } from './orders.ts'
import type { CustomerState, GroupEntry } from './state.ts'
import { setTag } from './tags.ts'
import { identify } from './traits.ts'

const groupRank = ({ in: isIn, name }: GroupEntry): string => `${isIn ? 0 : 1}${name}`

const setGroup = (draft: Draft, { at, type, payload }: Fact<'group.joined' | 'group.left'>): void =>
  write(
    draft.groups,
    payload.chatId,
    { chatId: payload.chatId, name: payload.name ?? '', in: type === 'group.joined', at },
    groupRank,
  )

const setList = (draft: Draft, { at, type, payload }: Fact<'list.joined' | 'list.left'>): void =>
  // Of the same moment the leaving wins.
  write(draft.lists, payload.listId, { id: payload.listId, in: type === 'list.joined', at }, (entry) =>
    entry.in ? '0' : '1',
  )

/** A tag of a rule is not kept here: it is on while the rule holds. Nor is what the profile found out by itself. */
const tagged = (draft: Draft, fact: Fact<'tag.added' | 'tag.removed'>): void => {
  if (!isTagFoundOut(fact)) setTag(draft, fact)
}

const apply = (draft: Draft, fact: Fact): void => {
  switch (fact.type) {
    case 'contact.added':
      return addContact(draft, fact)
    case 'contact.deleted_by_rep':
      return deleteContact(draft, fact.payload.userid, {
        at: fact.at,
        by: 'rep',
        ...(fact.payload.transfer === true ? { transfer: true } : {}),
        ...(fact.payload.to === undefined ? {} : { to: fact.payload.to }),
      })
    case 'contact.deleted_by_customer':
      return deleteContact(draft, fact.payload.userid, { at: fact.at, by: 'customer' })
    case 'customer.replied':
      draft.firstReplyAt = earliest(draft.firstReplyAt, fact.at)
      return
    case 'order.completed':
      return placeOrder(draft, fact)
    case 'order.updated':
      return updateOrder(draft, fact)
    case 'order.cancelled':
      return cancelOrder(draft, fact)
    case 'order.refunded':
      return refundOrder(draft, fact)
    case 'behavior.tracked':
      return noteTopics(draft, fact)
    case 'profile.identified':
      identifyConsents(draft, fact)
      return identify(draft, fact)
    case 'consent.changed':
      return setConsent(draft, fact)
    case 'tag.added':
    case 'tag.removed':
      return tagged(draft, fact)
    case 'group.joined':
    case 'group.left':
      return setGroup(draft, fact)
    case 'list.joined':
    case 'list.left':
      return setList(draft, fact)
    default:
      return
  }
}

/**
 * Applies facts to a state: commutative, and idempotent per fact. Any order and any repetition of the same facts, in one
 * call or in several, ends in the same state. `attributes`: what is kept for computed ones depends on what they ask for.
 */
export const applyFacts = (
  state: CustomerState,
  facts: readonly Fact[],
  attributes: readonly Attribute[],
): CustomerState => {
  const asked = askedBy(attributes)
  const draft = open(state, asked.keys)
  for (const fact of facts) {
    apply(draft, fact)
    if (!isTakeOver(fact)) noteEvent(draft, fact)
    keepFor(draft.computed, fact, asked)
    if (interactionTypes.has(fact.type) && !isTakeOver(fact)) interact(draft, fact)
  }
  return close(draft)
}
