import type { Audit } from '../audit/audit.ts'
import type { PushPlanItem, PushPlans } from '../groups/push-plans.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { pushPlans: Pick<PushPlans, 'create' | 'setOn' | 'remove'>; audit: Audit }

/** A manager plans a push to groups, switches it, or deletes it. */
export const planPush = ({ pushPlans, audit }: Deps) => ({
  async create(actor: SignedIn, ask: Parameters<PushPlans['create']>[0]): Promise<PushPlanItem> {
    const plan = await pushPlans.create(ask)
    const detail = { contentId: ask.contentId, groups: ask.groupIds.length, schedule: ask.schedule }
    await audit.record({ actor, act: 'push-plan.create', subject: `push-plan:${plan.id}`, detail })
    return plan
  },
  async setOn(actor: SignedIn, id: string, on: boolean): Promise<PushPlanItem> {
    const plan = await pushPlans.setOn(id, on)
    await audit.record({ actor, act: 'push-plan.switch', subject: `push-plan:${id}`, detail: { on } })
    return plan
  },
  async remove(actor: SignedIn, id: string): Promise<void> {
    await pushPlans.remove(id)
    await audit.record({ actor, act: 'push-plan.delete', subject: `push-plan:${id}`, detail: {} })
  },
})
