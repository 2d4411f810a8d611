import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Privacy } from '../privacy/read.ts'
import { unkept } from './unkept.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Deps = Pick<OnCustomerDeps, 'read'> & { privacy: Pick<Privacy, 'requests'>; audit: Audit }

/** A person wants to be erased. Nothing brings them back; what is left is the certificate and the entry here. */
export const eraseCustomer = ({ read, privacy, audit }: Deps) => ({
  async ask(actor: SignedIn, customerId: string, reason: string): Promise<{ id: string }> {
    await ownCustomer(read, actor, customerId)
    const id = await privacy.requests.askErasure({ customerId, reason, by: byOf(actor) })
    await audit.record({
      actor,
      act: 'privacy.erasure_asked',
      subject: `customer:${customerId}`,
      detail: { id, reason },
    })
    return { id }
  },

  async certificate(actor: SignedIn, id: string) {
    const certificate = await privacy.requests.certificate(id)
    await audit.record({ actor, act: 'privacy.certificate', subject: `erasure:${id}`, detail: {} })
    const bytes = Buffer.from(JSON.stringify(certificate, null, 2), 'utf8')
    return { mime: 'application/json', name: `certificate-${id}.json`, bytes: unkept(bytes) }
  },
})
