import type { RuleInput } from '@zhiyin/shared/rule'
import type { Audit } from '../audit/audit.ts'
import type { PrefetchSteps } from '../rules/types.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Rules } from '../rules/room.ts'

type Deps = { rules: Pick<Rules, 'store'>; audit: Audit; prefetch: PrefetchSteps }
type Stored = Awaited<ReturnType<Rules['store']['get']>>

/** A manager writes a rule; `change` names the rule and the version read, null makes a new draft. What a rule that is on says holds at once. */
export const writeRule =
  ({ rules: { store }, audit, prefetch }: Deps) =>
  async (actor: SignedIn, change: { id: string; version: number } | null, input: RuleInput): Promise<Stored> => {
    const by = nameOf(actor)
    const saved =
      change === null ? await store.create(input, by) : await store.update(change.id, change.version, input, by)
    const rule = saved.status === 'on' ? await store.publish(saved._id, 'on', by) : saved
    if (rule.status === 'on') await prefetch(rule.steps)
    const act = change === null ? 'rule.create' : 'rule.update'
    await audit.record({ actor, act, subject: `rule:${rule._id}`, detail: { name: rule.name, version: rule.version } })
    return rule
  }
