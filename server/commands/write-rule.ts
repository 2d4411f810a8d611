import type { RuleInput } from '@zhiyin/shared/rule'
import type { Running } from '@zhiyin/shared/rule-version'
import type { Lang } from '@zhiyin/shared/text'
import type { Audit } from '../audit/audit.ts'
import type { PrefetchSteps } from '../rules/types.ts'
import { writerOf, type SignedIn } from '../platform/actor.ts'
import type { Rules } from '../rules/room.ts'

type Deps = { rules: Pick<Rules, 'save'>; audit: Audit; prefetch: PrefetchSteps }
type Stored = Awaited<ReturnType<Rules['save']>>

/** A manager writes a rule; `change` names the rule and the version read, null makes a new draft. */
export const writeRule =
  ({ rules, audit, prefetch }: Deps) =>
  async (
    actor: SignedIn,
    change: { id: string; version: number; running: Running } | null,
    input: RuleInput,
    lang: Lang,
  ): Promise<Stored> => {
    const rule = await rules.save(change, input, writerOf(actor), lang)
    if (rule.live === rule.version) await prefetch(rule.steps)
    const act = change === null ? 'rule.create' : 'rule.update'
    const detail = { name: rule.name, version: rule.version, ...(change && { running: change.running }) }
    await audit.record({ actor, act, subject: `rule:${rule._id}`, detail })
    return rule
  }
