import type { Look } from '../audit/read.ts'
import type { SignedIn } from '../platform/actor.ts'
import { clear, mask, type IsSensitive, type Show, type Vault } from '../platform/vault.ts'
import type { PersonalKind } from '../platform/personal.ts'
import { withoutMarked } from './marked.ts'

type Holds = {
  readonly id: string
  readonly follows: readonly { readonly userid: string; readonly state: string }[]
}
type Deps = {
  vault: Pick<Vault, 'open'>
  saw: (look: Look) => Promise<void>
  /** Which attributes managers have marked as sensitive now. */
  sensitive: () => Promise<IsSensitive>
}

/** Whoever holds a customer has their phone in WeCom; nobody else sees it here without a reason. */
const holds = (actor: SignedIn, { follows }: Holds): boolean =>
  actor.kind === 'member' && follows.some(({ userid, state }) => userid === actor.userid && state !== 'deleted_by_rep')

/**
 * Opens what is sealed in an answer: in clear for who holds the customer, which is written to the audit, else masked. What is marked as
 * sensitive is masked for everybody; an admin asks for it with a reason.
 */
export const createLook = ({ vault, saw, sensitive }: Deps) => ({
  async at<T extends object>(actor: SignedIn, customer: Holds, whole: T): Promise<T> {
    const value = withoutMarked(whole, await sensitive())
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
  /** Every value of one kind; `marked`: also what is marked as sensitive. */
  async values(value: object, wanted: PersonalKind, marked: boolean): Promise<string[]> {
    const found = new Set<string>()
    vault.open(marked ? value : withoutMarked(value, await sensitive()), (kind, text) => {
      if (kind === wanted) found.add(text)
      return text
    })
    return [...found]
  },
  masked: <T extends object>(value: T): T => vault.open(value, mask),
})

export type Looking = ReturnType<typeof createLook>
