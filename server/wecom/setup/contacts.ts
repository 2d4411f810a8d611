import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import type { ContactsSetup } from '../types/contacts.ts'

/** What members note of their customers. It reaches nobody; the command that edits a contact calls it. */
export const createContactsSetup = (call: Call): ContactsSetup => ({
  remark: async ({ userid, externalUserId }, { remark, description, company, mobiles }) => {
    const change = {
      userid,
      external_userid: externalUserId,
      ...(remark === undefined ? {} : { remark }),
      ...(description === undefined ? {} : { description }),
      ...(company === undefined ? {} : { remark_company: company }),
      ...(mobiles === undefined ? {} : { remark_mobiles: mobiles.length > 0 ? [...mobiles] : [''] }),
    }
    await call(api.remark, change, { object: externalUserId })
  },
})
