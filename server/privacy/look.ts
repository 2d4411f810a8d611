import type { Look } from '../audit/read.ts'
import type { SignedIn } from '../platform/actor.ts'
import { clear, mask, type Show, type Vault } from '../platform/vault.ts'
import type { PersonalKind } from '../platform/personal.ts'

type Holds = {
  readonly id: string
  readonly follows: readonly { readonly userid: string; readonly state: string }[]
}
type Deps = { vault: Pick<Vault, 'open'>; saw: (look: Look) => Promise<void> }

/** Whoever holds a customer has their phone in WeCom; nobody else sees it here without a reason. */
const holds = (actor: SignedIn, { follows }: Holds): boolean =>
  actor.kind === 'member' && follows.some(({ userid, state }) => userid === actor.userid && state !== 'deleted_by_rep')

/** Opens what is sealed in an answer: in clear for who holds the customer, which is written to the audit, else masked. */
export const createLook = ({ vault, saw }: Deps) => ({
  async at<T extends object>(actor: SignedIn, customer: Holds, value: T): Promise<T> {
    if (!holds(actor, customer)) return vault.open(value, mask)
    const kinds = new Set<PersonalKind>()
    const show: Show = (kind, text) => {
      kinds.add(kind)
      return clear(kind, text)
    }
    const opened = vault.open(value, show)
    await saw({ actor, subject: `customer:${customer.id}`, fields: [...kinds].sort() })
    return opened
  },
  /** Every value of one kind. */
  values(value: object, wanted: PersonalKind): string[] {
    const found = new Set<string>()
    vault.open(value, (kind, text) => {
      if (kind === wanted) found.add(text)
      return text
    })
    return [...found]
  },
  masked: <T extends object>(value: T): T => vault.open(value, mask),
})

export type Looking = ReturnType<typeof createLook>
