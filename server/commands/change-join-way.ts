import type { Decision, JoinWayInput } from '@zhiyin/shared/api/group-ways'
import type { Audit } from '../audit/audit.ts'
import type { Groups } from '../groups/groups.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { groups: Pick<Groups, 'joinWays'>; audit: Audit }

/** A manager makes, changes or deletes a code that leads into customer groups, or decides what becomes of an unsure one. */
export const changeJoinWay = ({ groups: { joinWays }, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, id: string, detail: Record<string, unknown>) =>
    audit.record({ actor, act: `group.join_way.${act}`, subject: `joinWay:${id}`, detail })
  return {
    async create(actor: SignedIn, input: JoinWayInput) {
      const way = await joinWays.create(input, nameOf(actor))
      await record(actor, 'create', way._id, { ...input, state: way.state, configId: way.configId })
      return way
    },
    async update(actor: SignedIn, id: string, input: JoinWayInput) {
      const way = await joinWays.update(id, input)
      await record(actor, 'update', id, { ...input })
      return way
    },
    async remove(actor: SignedIn, id: string) {
      await record(actor, 'delete', id, { name: await joinWays.remove(id) })
    },
    async decide(actor: SignedIn, id: string, decision: Decision) {
      await record(actor, 'decide', id, { name: await joinWays.decide(id, decision), decision })
    },
  }
}
