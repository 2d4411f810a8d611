import type { Tier } from '@zhiyin/shared/tier'
import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Groups } from '../groups/groups.ts'

type Deps = { groups: Pick<Groups, 'addInternal' | 'setTier' | 'syncAll'>; audit: Audit }

/** A manager registers an internal group, sets a group's tier, or reads the customer groups again. The robot's address stays out of the trail. */
export const changeGroup = ({ groups, audit }: Deps) => ({
  async addInternal(actor: SignedIn, input: { name: string; webhook: string; tier: Tier }) {
    const group = await groups.addInternal(input)
    await audit.record({
      actor,
      act: 'group.add',
      subject: `group:${group.id}`,
      detail: { name: group.name, tier: group.tier },
    })
    return group
  },
  async setTier(actor: SignedIn, id: string, tier: Tier) {
    const group = await groups.setTier(id, tier)
    await audit.record({ actor, act: 'group.tier', subject: `group:${id}`, detail: { tier } })
    return group
  },
  async sync(actor: SignedIn) {
    const read = await groups.syncAll()
    const detail = { groups: read.items.length, queued: read.queued }
    await audit.record({ actor, act: 'group.sync', subject: 'group:all', detail })
    return read
  },
})
