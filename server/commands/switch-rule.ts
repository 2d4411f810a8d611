import type { Lang } from '@zhiyin/shared/text'
import type { Audit } from '../audit/audit.ts'
import type { PrefetchSteps } from '../rules/types.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Rules } from '../rules/room.ts'

type Deps = { rules: Pick<Rules, 'turnOn' | 'pause'>; audit: Audit; prefetch: PrefetchSteps }
type Stored = Awaited<ReturnType<Rules['pause']>>

/** A manager switches a rule on, or pauses it. */
export const switchRule =
  ({ rules, audit, prefetch }: Deps) =>
  async (
    actor: SignedIn,
    id: string,
    to: { on: true; meetNow: boolean; lang: Lang } | { on: false },
  ): Promise<Stored> => {
    const by = nameOf(actor)
    const rule = to.on ? await rules.turnOn(id, to.meetNow, by, to.lang) : await rules.pause(id, by)
    if (to.on) await prefetch(rule.steps)
    const detail = { version: rule.version, ...(to.on ? { meetNow: to.meetNow } : {}) }
    await audit.record({ actor, act: to.on ? 'rule.on' : 'rule.pause', subject: `rule:${id}`, detail })
    return rule
  }
