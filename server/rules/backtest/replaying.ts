import type { NeedsGrant } from '@zhiyin/shared/privacy'
import { setImmediate as breathe } from 'node:timers/promises'
import type { Fact } from '@zhiyin/shared/fact'
import type { Occurrence } from '@zhiyin/shared/occurrence'
import type { IsHeldOut } from '../../measure/types.ts'
import type { AsItWas, PastBroadcast } from '../../outbox/read.ts'
import { replayOf, type Known } from '../../profile/read.ts'
import type { Definitions } from '../../profile/types.ts'
import { createComing } from '../coming.ts'
import { createIntentOf } from '../intents.ts'
import { createNoticeOf, type NoticeDeps } from '../notices.ts'
import type { RuleDoc } from '../rules.model.ts'
import { createGo } from '../steps.ts'
import type { Evaluate, Names, Render } from '../types.ts'
import type { WaitEnd } from '../wait-end.ts'
import type { Worth } from '../worth.ts'
import { createTimely } from './begins.ts'
import { createVirtual, type Virtual } from './virtual.ts'
import type { Way } from './way.ts'

export type ReplayingDeps = NoticeDeps & {
  zone: string
  evaluate: Evaluate
  names: Names
  render: Render
  worth: Worth
  waitEnd: WaitEnd
  needsGrant: () => Promise<NeedsGrant>
  asItWas: AsItWas
  globalHoldout: () => Promise<IsHeldOut>
  definitions: () => Promise<Definitions>
  tagNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly name: string }>>
  /** Everything that ever happened to these customers, in no order. */
  factsOf: (customerIds: readonly string[]) => AsyncIterable<Fact[]>
  /** Of which mass message each of these sends was, by the id of the send. */
  broadcastsOf: (intentIds: readonly string[]) => Promise<ReadonlyMap<string, PastBroadcast>>
}

/** The sends that facts tell of and that no rule wanted. */
export const sendsByHand = (facts: Iterable<Fact>): string[] => [
  ...new Set(
    [...facts].flatMap((fact) =>
      fact.type === 'send.changed' && fact.payload.ruleId === undefined ? [fact.payload.intentId] : [],
    ),
  ),
]

/** What leads customers through one rule in virtual time; `others`: the rules that are on today. */
export const createVirtualOf =
  (deps: ReplayingDeps) =>
  async (rule: RuleDoc, others: readonly RuleDoc[], receivers: readonly string[], from: Date): Promise<Virtual> => {
    const { zone, evaluate } = deps
    const tagIds = rule.steps.flatMap((step) => (step.type === 'tag' ? [...step.add, ...step.remove] : []))
    const [judge, isOut, tagNames] = await Promise.all([
      deps.asItWas(receivers, from),
      deps.globalHoldout(),
      deps.tagNames(tagIds),
    ])
    const noticeOf = createNoticeOf(deps)
    const { waitEnd, needsGrant } = deps
    const named = new Map<string, string>()
    // The names of reps are asked for with every send of every customer.
    const names: Names = async (userids) => {
      const missing = userids.filter((id) => !named.has(id))
      if (missing.length > 0) for (const [id, name] of await deps.names(missing)) named.set(id, name)
      return named
    }
    return createVirtual({
      rule,
      greeting: others.filter(({ _id }) => _id !== rule._id),
      zone,
      coming: createComing({ evaluate, zone }),
      timely: createTimely(rule, zone, evaluate),
      goWith: (lastTalk) => {
        const intentOf = createIntentOf({ ...deps, names, lastTalk: async () => lastTalk() })
        return createGo({ evaluate, intentOf, noticeOf, waitEnd, needsGrant })
      },
      isOut,
      judge,
      priorityOf: (ruleId) => others.find(({ _id }) => _id === ruleId)?.limits.priority,
      tagNames,
    })
  }

const byTime = (a: Fact, b: Fact): number =>
  a.at.getTime() - b.at.getTime() || a.seenAt.getTime() - b.seenAt.getTime() || (a.id < b.id ? -1 : 1)

/** Leads some customers through a rule over their stored past, one after another. */
export const createReplaying = (deps: ReplayingDeps) => {
  const virtualOf = createVirtualOf(deps)
  return async (
    rule: RuleDoc,
    others: readonly RuleDoc[],
    customers: readonly Known[],
    span: { from: Date; to: Date; occurrences: readonly Occurrence[] },
  ): Promise<Way[]> => {
    const past = new Map<string, Fact[]>(customers.map(({ _id }) => [_id, []]))
    for await (const piece of deps.factsOf([...past.keys()]))
      for (const fact of piece) if (fact.at.getTime() <= span.to.getTime()) past.get(fact.customerId)?.push(fact)
    const receivers = customers.flatMap(({ externalUserId }) => externalUserId ?? [])
    const [virtual, definitions, broadcasts] = await Promise.all([
      virtualOf(rule, others, receivers, span.from),
      deps.definitions(),
      deps.broadcastsOf(sendsByHand([...past.values()].flat())),
    ])
    const ways: Way[] = []
    for (const customer of customers) {
      const facts = (past.get(customer._id) ?? []).sort(byTime)
      const begin = new Date(Math.min(customer.createdAt.getTime(), facts[0]?.at.getTime() ?? Infinity))
      // Who came later than the span ends was nobody's customer then.
      if (begin.getTime() <= span.to.getTime())
        ways.push(await virtual(replayOf(customer, begin, definitions), facts, { ...span, broadcasts }))
      // Others of this process have their turn.
      await breathe()
    }
    return ways
  }
}

export type Replaying = ReturnType<typeof createReplaying>
