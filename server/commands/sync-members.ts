import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { sync: () => Promise<{ members: number; customers: number }>; audit: Audit }

/** An admin reads members and their customers from WeCom. */
export const syncMembersCommand =
  ({ sync, audit }: Deps) =>
  async (actor: SignedIn): Promise<{ members: number; customers: number }> => {
    const counts = await sync()
    await audit.record({ actor, act: 'member.sync', subject: 'member:all', detail: counts })
    return counts
  }
