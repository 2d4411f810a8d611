import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Groups } from '../groups/groups.ts'

type Deps = { groups: Pick<Groups, 'push'>; audit: Audit }
type Ask = Parameters<Groups['push']>[0]

/** A manager pushes one content to groups, each in its tier's variant. */
export const pushToGroups =
  ({ groups, audit }: Deps) =>
  async (actor: SignedIn, ask: Ask) => {
    const push = await groups.push(ask)
    const detail = { contentId: ask.contentId, groups: ask.groupIds.length, key: ask.key }
    await audit.record({ actor, act: 'group.push', subject: `push:${push.id}`, detail })
    return push
  }
