import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Privacy } from '../privacy/read.ts'
import { unkept } from './unkept.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Deps = Pick<OnCustomerDeps, 'read'> & { privacy: Pick<Privacy, 'requests' | 'exports'>; audit: Audit }

/** A person wants to know what is held about them: a copy is made, and whoever fetches it is written down. */
export const exportCustomer = ({ read, privacy, audit }: Deps) => ({
  async ask(actor: SignedIn, customerId: string, reason: string): Promise<{ id: string }> {
    await ownCustomer(read, actor, customerId)
    const id = await privacy.requests.askExport({ customerId, reason, by: byOf(actor) })
    await audit.record({
      actor,
      act: 'privacy.export_asked',
      subject: `customer:${customerId}`,
      detail: { id, reason },
    })
    return { id }
  },

  async download(actor: SignedIn, id: string, form: 'json' | 'html') {
    const { doc, bytes } = await privacy.exports.file(id, form)
    await ownCustomer(read, actor, doc.customerId)
    const subject = `customer:${doc.customerId}`
    await audit.record({ actor, act: 'privacy.downloaded', subject, detail: { id, form } })
    return {
      mime: form === 'json' ? 'application/json' : 'text/html',
      name: `${doc.customerId}.${form}`,
      bytes: unkept(bytes),
    }
  },
})
