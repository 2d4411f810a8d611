import type { PushPlan } from '@zhiyin/shared/api/push-plans'
import type { PushPlanInput } from '@zhiyin/shared/push-plan'
import type { Audit } from '../audit/audit.ts'
import type { PushPlans } from '../groups/push-plans.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { plans: Pick<PushPlans, 'create' | 'update' | 'setOn' | 'remove'>; audit: Audit }

const detailOf = ({ name, lateHours, items }: PushPlanInput) => ({
  name,
  lateHours,
  items: items.map(({ contentId, schedule, until }) => ({ contentId, schedule, until })),
})

/** A manager writes a content plan for groups, changes it, switches it, or deletes it. */
export const planPush = ({ plans, audit }: Deps) => ({
  async create(actor: SignedIn, key: string, input: PushPlanInput): Promise<PushPlan> {
    const plan = await plans.create(key, input, nameOf(actor))
    await audit.record({ actor, act: 'push-plan.create', subject: `push-plan:${plan.id}`, detail: detailOf(input) })
    return plan
  },
  async update(actor: SignedIn, id: string, rev: number, input: PushPlanInput): Promise<PushPlan> {
    const plan = await plans.update(id, rev, input, nameOf(actor))
    await audit.record({ actor, act: 'push-plan.change', subject: `push-plan:${id}`, detail: detailOf(input) })
    return plan
  },
  async setOn(actor: SignedIn, id: string, on: boolean): Promise<PushPlan> {
    const plan = await plans.setOn(id, on)
    await audit.record({ actor, act: 'push-plan.switch', subject: `push-plan:${id}`, detail: { on } })
    return plan
  },
  async remove(actor: SignedIn, id: string): Promise<void> {
    const name = await plans.remove(id)
    await audit.record({ actor, act: 'push-plan.delete', subject: `push-plan:${id}`, detail: { name } })
  },
})
