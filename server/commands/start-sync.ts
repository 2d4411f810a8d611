import type { SyncKind } from '@zhiyin/shared/api/sync'
import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Sync } from '../sync/sync.ts'

type Deps = { sync: Pick<Sync, 'start'>; audit: Audit }

/** An admin compares with WeCom's lists now. */
export const startSync =
  ({ sync, audit }: Deps) =>
  async (actor: SignedIn, { kind, force }: { kind: SyncKind; force: boolean }) => {
    const run = await sync.start(kind, 'by_hand', force)
    await audit.record({ actor, act: 'sync.started', subject: `sync:${run._id}`, detail: { kind, force } })
    return run
  }
