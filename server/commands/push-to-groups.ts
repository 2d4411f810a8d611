import type { Audit } from '../audit/audit.ts'
import type { PushRoom } from '../groups/push-room.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { pushes: Pick<PushRoom, 'push'>; audit: Audit }
type Ask = Parameters<PushRoom['push']>[0]

/** A manager pushes one content to groups, each in its tier's variant. */
export const pushToGroups =
  ({ pushes, audit }: Deps) =>
  async (actor: SignedIn, ask: Ask) => {
    const push = await pushes.push(ask)
    const detail = { contentId: ask.contentId, groups: ask.groupIds.length, key: ask.key }
    await audit.record({ actor, act: 'group.push', subject: `push:${push.id}`, detail })
    return push
  }
