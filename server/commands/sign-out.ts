import type { Audit } from '../audit/audit.ts'
import type { Members } from '../members/members.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { members: Pick<Members, 'signOut'>; audit: Audit }

/** A member signs out, on every device. A script with an API key has nothing to sign out of. */
export const signOutCommand =
  ({ members, audit }: Deps) =>
  async (actor: SignedIn): Promise<void> => {
    if (actor.kind !== 'member') return
    await members.signOut(actor.userid)
    await audit.record({ actor, act: 'session.sign_out', subject: `member:${actor.userid}`, detail: {} })
  }
