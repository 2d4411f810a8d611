import type { Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { Occurrence } from '@zhiyin/shared/occurrence'
import type { IsHeldOut } from '../../measure/types.ts'
import { isFolded } from '../../events/read.ts'
import type { Judge, PastBroadcast } from '../../outbox/read.ts'
import type { Replay } from '../../profile/read.ts'
import { addedOf, type AddedTo, type Coming } from '../coming.ts'
import { greets } from '../greeter.ts'
import { indexOf } from '../rule-index.ts'
import type { RuleDoc } from '../rules.model.ts'
import type { Go } from '../steps.ts'
import type { Timely } from './begins.ts'
import { createVirtualHolds } from './holds.ts'
import { createJourney } from './journey.ts'
import { createVirtualSends } from './sends.ts'
import type { Line, Meeting, Way } from './way.ts'

/** More turns than any life of two years takes; a guard against going round for ever. */
const mostTurns = 20_000

export type VirtualDeps = {
  readonly rule: RuleDoc
  /** The other rules that greet: of all that do, one alone does. */
  readonly greeting: readonly RuleDoc[]
  readonly zone: string
  readonly coming: Coming
  readonly timely: Timely
  /** The steps, with the rep whom the customer talked with last at that moment. */
  readonly goWith: (lastTalk: () => string | null) => Go
  readonly isOut: IsHeldOut
  readonly judge: Judge
  /** Of a rule as it stands today. */
  readonly priorityOf: (ruleId: string) => number | undefined
  readonly tagNames: ReadonlyMap<string, { readonly name: string }>
}

type Span = {
  readonly from: Date
  readonly to: Date
  readonly occurrences: readonly Occurrence[]
  /** Of which mass message a send was, by its id. */
  readonly broadcasts: ReadonlyMap<string, PastBroadcast>
  /** Why they come in at the beginning, whatever the trigger asks for. */
  readonly entry?: readonly Because[]
}

/**
 * Leads one customer through a rule in virtual time: what really happened to them in order, between it what time alone brought, and
 * what the rule would have done about it. `facts`: all of theirs up to the end of the span, oldest first. Writes nothing.
 */
export const createVirtual = (deps: VirtualDeps) => {
  const { rule, greeting, zone, coming, timely, isOut, judge } = deps
  const index = indexOf([rule], [])
  const greeters = [...greeting, rule].filter(greets)

  return async (
    replay: Replay,
    facts: readonly Fact[],
    { from, to, occurrences, broadcasts, entry: first }: Span,
  ): Promise<Way> => {
    const lines: Line[] = []
    const others: (Meeting & { readonly period: number })[] = []
    const holds = createVirtualHolds()
    let talk: string | null = null
    let now = from
    const sends = createVirtualSends({
      judge,
      note: (one) => void lines.push(one),
      view: () => replay.view(),
      heldOut: isOut(replay.id),
    })
    const journey = createJourney({
      rule,
      customerId: replay.id,
      go: deps.goWith(() => talk),
      isOut,
      tagNames: deps.tagNames,
      sends,
      note: (one) => void lines.push(one),
      view: () => replay.view(),
    })

    const addedTo = (fact: Fact<'contact.added'>): AddedTo => {
      const view = replay.view()
      const { key, returning } = holds.of(fact, view)
      const added = addedOf(fact, returning)
      return { added, key, greeter: coming.greeter(greeters, added, view, fact.at) }
    }
    /** What is so whatever the rule does. */
    const keep = (fact: Fact): void => {
      if (fact.type === 'customer.replied' && fact.payload.userid !== undefined) talk = fact.payload.userid
      if (fact.type === 'contact.deleted_by_customer' || fact.type === 'contact.deleted_by_rep')
        holds.end(fact.payload.userid, fact.at)
      if (fact.type !== 'send.changed' || fact.payload.ruleId === rule._id) return
      const { intentId, ruleId, rule: name = '' } = fact.payload
      const broadcast = broadcasts.get(intentId)
      if (sends.happened(fact, zone, deps.priorityOf, broadcast)?.mass !== true) return
      const period = judge.periodOf(fact.at)
      if (broadcast !== undefined) others.push({ kind: 'broadcast', ...broadcast, period })
      else if (ruleId !== undefined) others.push({ kind: 'rule', id: ruleId, name, priority: null, period })
    }
    const come = (seen: readonly Fact[]): void => {
      for (const fact of seen) {
        const of = fact.type === 'contact.added' ? addedTo(fact) : null
        if (index.for(fact).length === 0) continue
        const entry = coming.entry(rule, fact, replay.view(), of, now)
        if (entry !== null) journey.enter(entry, now)
      }
    }
    /** As the rules are shown facts: first what ends or goes on, then who comes in. */
    const see = (seen: readonly Fact[]): void => {
      journey.see(seen, now)
      for (const fact of seen) keep(fact)
      come(seen)
    }
    const lead = async (): Promise<void> => {
      for (let made = await journey.advance(now); made.length > 0; made = await journey.advance(now))
        see([...made, ...replay.take(made, now)])
    }

    let place = 0
    const groupAt = (at: Date): Fact[] => {
      const group: Fact[] = []
      for (let fact = facts[place]; fact?.at.getTime() === at.getTime(); fact = facts[place]) {
        group.push(fact)
        place += 1
      }
      return group
    }
    // Before the span nothing comes of it, but the customer becomes who they were at its beginning.
    for (let fact = facts[place]; fact !== undefined && fact.at < from; fact = facts[place]) {
      const { at } = fact
      const group = groupAt(at)
      const lived = group.filter(isFolded)
      if (lived.length > 0) replay.take(lived, at)
      for (const one of group) {
        if (one.type === 'contact.added') holds.of(one, replay.view())
        keep(one)
      }
    }
    replay.pass(from)
    if (first !== undefined)
      journey.enter({ customerId: replay.id, entryKey: 'tried', because: first, userid: null, factId: null }, from)

    let turn = 0
    for (let round = 0; ; round += 1) {
      if (round > mostTurns) throw new Error(`The past of ${replay.id} does not end`)
      const times = [facts[place]?.at, replay.dueAt(), journey.dueAt(), sends.dueAt(), occurrences[turn]?.at]
      const next = Math.min(...times.flatMap((at) => at?.getTime() ?? []))
      if (next > to.getTime()) break
      now = new Date(Math.max(next, now.getTime()))
      const group = groupAt(new Date(next))
      const lived = group.filter(isFolded)
      // What happens in the moment in which time moves somebody is known when the rules are shown either.
      const found = lived.length === 0 ? replay.pass(now) : replay.take(lived, now)
      if (lived.length + found.length > 0) see([...lived, ...found])
      for (const fact of group) if (!isFolded(fact)) keep(fact)
      const occurrence = occurrences[turn]
      if (occurrence !== undefined && occurrence.at <= now) {
        turn += 1
        const because = timely(occurrence, replay.view(), now)
        const entryKey = `schedule:${occurrence.name}:${replay.id}`
        if (because !== null)
          journey.enter({ customerId: replay.id, entryKey, because, userid: null, factId: null }, now)
      }
      await lead()
      journey.see(sends.decide(now), now)
      await lead()
    }
    const met = new Map(
      others.flatMap(({ period, ...other }) => (sends.periods.has(period) ? [[other.id, other] as const] : [])),
    )
    return { customerId: replay.id, lines, met: [...met.values()] }
  }
}

export type Virtual = ReturnType<typeof createVirtual>
