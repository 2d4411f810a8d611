import type { ContactChange } from '@zhiyin/shared/contact'
import { scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { AppError, forbidden } from '../platform/errors.ts'
import type { ContactNote, FetchContact, NoteContact } from '../profile/read.ts'
import { isWecomError } from '../wecom/errors.ts'
import type { ContactsSetup } from '../wecom/types/contacts.ts'
import { ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Deps = Pick<OnCustomerDeps, 'read' | 'clock' | 'audit'> & {
  /** 1 a WeChat user, 2 a WeCom user; null while WeCom has told nothing of the customer. */
  contactTypeOf: (customerId: string) => Promise<number | null>
  remark: ContactsSetup['remark']
  noteContact: NoteContact
  fetchContact: FetchContact
}

const noRelation = 84061
/** WeCom users of other companies carry their company's own name. */
const wecomUser = 2

const noteOf = ({ remark, description, company, mobiles }: ContactChange): ContactNote => ({
  ...(remark === undefined ? {} : { remark }),
  ...(description === undefined ? {} : { description }),
  ...(company === undefined ? {} : { company }),
  ...(mobiles === undefined ? {} : { mobiles }),
})

export type EditContact = (actor: SignedIn, customerId: string, change: ContactChange) => Promise<void>

/**
 * A rep changes what they note of a customer of theirs, a manager what any rep does: first in WeCom, then here, since no callback
 * tells of it. Throws contact.not_held when the rep does not hold the customer (any more), contact.company_of_wechat.
 */
export const editContact = (deps: Deps): EditContact => {
  const { read, clock, audit, contactTypeOf, remark, noteContact, fetchContact } = deps

  return async (actor, customerId, change) => {
    const { userid } = change
    if (!within(scopeOf(actor), userid)) throw forbidden('manager')
    const { externalUserId, follows } = await ownCustomer(read, actor, customerId)
    const notHeld = new AppError('contact.not_held', { status: 409, params: { userid } })
    const held = follows.some((follow) => follow.userid === userid && follow.state !== 'deleted_by_rep')
    if (externalUserId === null || !held) throw notHeld
    if (change.company && (await contactTypeOf(customerId)) === wecomUser)
      throw new AppError('contact.company_of_wechat', { status: 422 })
    const note = noteOf(change)
    try {
      await remark({ userid, externalUserId }, note)
    } catch (error) {
      if (!isWecomError(error, noRelation)) throw error
      await fetchContact(externalUserId)
      throw notHeld
    }
    if ((await noteContact(customerId, userid, note, clock.date())) === 'unknown') await fetchContact(externalUserId)
    const detail = { userid, fields: Object.keys(note) }
    await audit.record({ actor, act: 'customer.contact_edited', subject: `customer:${customerId}`, detail })
  }
}
