import type { Decision, GroupWelcomeInput } from '@zhiyin/shared/api/group-ways'
import type { Audit } from '../audit/audit.ts'
import type { Groups } from '../groups/groups.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { groups: Pick<Groups, 'welcomes'>; audit: Audit }

/** A manager makes, changes or deletes a group welcome template, or decides what becomes of an unsure one. */
export const changeGroupWelcome = ({ groups: { welcomes }, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, id: string, detail: Record<string, unknown>) =>
    audit.record({ actor, act: `group.welcome.${act}`, subject: `groupWelcome:${id}`, detail })
  return {
    async create(actor: SignedIn, input: GroupWelcomeInput) {
      const welcome = await welcomes.create(input, nameOf(actor))
      await record(actor, 'create', welcome._id, { name: input.name, state: welcome.state })
      return welcome
    },
    async update(actor: SignedIn, id: string, input: GroupWelcomeInput) {
      const welcome = await welcomes.update(id, input, nameOf(actor))
      await record(actor, 'update', id, { name: input.name })
      return welcome
    },
    async remove(actor: SignedIn, id: string) {
      await record(actor, 'delete', id, { name: await welcomes.remove(id) })
    },
    async decide(actor: SignedIn, id: string, decision: Decision) {
      await record(actor, 'decide', id, { name: await welcomes.decide(id, decision), decision })
    },
  }
}
