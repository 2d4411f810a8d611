import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Rules } from '../rules/room.ts'

type Deps = { rules: Pick<Rules, 'store' | 'late'>; audit: Audit }

/** A manager says whether sends that came too late go all the same; answers how many there were. */
export const answerLateSends =
  ({ rules, audit }: Deps) =>
  async (actor: SignedIn, ruleId: string, { stepId, send }: { stepId: string; send: boolean }): Promise<number> => {
    const { name } = await rules.store.get(ruleId)
    const answered = await rules.late.answer(ruleId, stepId, send, nameOf(actor))
    const detail = { name, stepId, send, count: answered }
    await audit.record({ actor, act: 'rule.late', subject: `rule:${ruleId}`, detail })
    return answered
  }
