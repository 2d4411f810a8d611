import type { Tier } from '@zhiyin/shared/tier'
import type { Audit } from '../audit/audit.ts'
import type { Groups } from '../groups/groups.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { groups: Pick<Groups, 'internal' | 'tiers' | 'labels' | 'syncAll'>; audit: Audit }
type Internal = Parameters<Groups['internal']['add']>[0]

/** Who set a tier: a member by id, so that their name is today's; a script by its name. */
const byOf = (actor: SignedIn): string => (actor.kind === 'member' ? actor.userid : nameOf(actor))

/** A manager registers an internal group or its new robot, sets a group's tier or labels, or reads the customer groups again. The robot's address stays out of the trail. */
export const changeGroup = ({ groups, audit }: Deps) => ({
  async addInternal(actor: SignedIn, input: Internal) {
    const group = await groups.internal.add(input, byOf(actor))
    await audit.record({
      actor,
      act: 'group.add',
      subject: `group:${group.id}`,
      detail: { name: group.name, tier: group.tier },
    })
    return group
  },
  async setRobot(actor: SignedIn, id: string, webhook: string) {
    const group = await groups.internal.setRobot(id, webhook)
    await audit.record({ actor, act: 'group.robot', subject: `group:${id}`, detail: { name: group.name } })
    return group
  },
  async setTier(actor: SignedIn, id: string, tier: Tier | null) {
    const group = await groups.tiers.set(id, tier, byOf(actor))
    await audit.record({ actor, act: 'group.tier', subject: `group:${id}`, detail: { tier } })
    return group
  },
  async setTags(actor: SignedIn, id: string, tags: readonly string[]) {
    const group = await groups.labels.set(id, tags)
    await audit.record({ actor, act: 'group.tags', subject: `group:${id}`, detail: { tags } })
    return group
  },
  async sync(actor: SignedIn) {
    const read = await groups.syncAll()
    const detail = { groups: read.items.length, queued: read.queued }
    await audit.record({ actor, act: 'group.sync', subject: 'group:all', detail })
    return read
  },
})
