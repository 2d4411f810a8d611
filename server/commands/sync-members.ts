import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { Sync } from '../sync/sync.ts'

/** Longer than that nobody waits; the run goes on by itself. */
const patienceMs = 25_000

type Deps = { sync: Pick<Sync, 'whole'>; audit: Audit }

/** An admin reads members and their customers from WeCom. */
export const syncMembersCommand =
  ({ sync, audit }: Deps) =>
  async (actor: SignedIn): Promise<{ members: number; customers: number }> => {
    const { state, members, customers, error, brake } = await sync.whole(patienceMs)
    if (state === 'paused')
      throw new AppError('sync.paused', {
        status: 503,
        params: { why: brake === null ? (error ?? '') : `${brake.missing}/${brake.held}` },
      })
    const counts = { members, customers }
    await audit.record({ actor, act: 'member.sync', subject: 'member:all', detail: counts })
    return counts
  }
