import { rules as endpoints } from '@zhiyin/shared/api/rules'
import type { Backtest, BacktestCollision, RuleTrial, WayLine } from '@zhiyin/shared/backtest'
import { usualPriority } from '@zhiyin/shared/intent'
import { runBacktest } from '../commands/run-backtest.ts'
import { scopeOf, writerOf, type SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'
import type { Looking } from '../privacy/read.ts'
import type { Rules } from '../rules/room.ts'
import { bind, type Bound } from './bind.ts'
import { onlySeen, type Sees } from './seen.ts'

type Names = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Deps = Parameters<typeof runBacktest>[0] & {
  rules: Pick<Rules, 'backtests' | 'tryOn' | 'store'>
  sees: Sees
  /** Messages and reasons tell of customers; here they are masked for everybody. */
  look: Pick<Looking, 'masked'>
  /** Names of customers, and of members, by id. */
  customerNames: Names
  names: Names
}
type Stored = Awaited<ReturnType<Rules['backtests']['get']>>
type Line = Stored['examples'][number]['lines'][number]
type Priorities = ReadonlyMap<string, number>

const presentLine =
  (reps: ReadonlyMap<string, string>) =>
  (one: Line): WayLine => ({
    at: one.at.toISOString(),
    kind: one.kind,
    stepId: one.stepId,
    arm: one.arm,
    because: [...one.because],
    text: one.text,
    rep: one.rep === null ? null : (reps.get(one.rep) ?? one.rep),
    outcome: one.outcome,
  })

const winner = (own: number, theirs: number): BacktestCollision['wins'] =>
  own === theirs ? 'even' : own > theirs ? 'this' : 'other'

/** Counts as of all customers: those of a sample are multiplied up. */
const present = (
  { _id, rule, at, from, to, tally, share, total, scope, ...doc }: Stored,
  priorities: Priorities,
  examples: Backtest['examples'],
): Backtest => {
  // By what was looked at so far, once it is over; until then the counts grow.
  const wanted = share >= 1 ? total : Math.round(total * share)
  const scale = share >= 1 ? 1 : doc.state === 'running' ? 1 / share : total / Math.max(1, doc.checked)
  const up = (count: number): number => Math.round(count * scale)
  const reasons = (list: Stored['tally']['blocked']) =>
    list.map(({ because, count }) => ({ because, count: up(count) })).sort((a, b) => b.count - a.count)
  const { counts } = tally
  return {
    id: _id,
    ruleId: doc.ruleId,
    rule,
    state: doc.state,
    at: at.toISOString(),
    by: doc.by,
    from: from.toISOString(),
    to: to.toISOString(),
    total,
    wanted,
    checked: doc.checked,
    scale,
    limited: scope !== null,
    counts: {
      customers: up(tally.customers),
      entered: up(counts.entered),
      heldOut: up(counts.heldOut),
      sent: up(counts.sent),
      waited: up(counts.waited),
      blocked: up(counts.blocked),
      goal: up(counts.goal),
      exited: up(counts.exited),
      finished: up(counts.finished),
    },
    days: tally.days
      .map(({ day, entered, heldOut, sent, blocked, goal }) => ({
        day,
        entered: up(entered),
        heldOut: up(heldOut),
        sent: up(sent),
        blocked: up(blocked),
        goal: up(goal),
      }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
    blocked: reasons(tally.blocked),
    waited: reasons(tally.waited),
    kept: reasons(tally.kept),
    steps: tally.steps.map((step) => ({ ...step, count: up(step.count) })),
    collisions: tally.collisions
      .map(({ customers, lost, ...other }): BacktestCollision => {
        const priority = other.priority ?? priorities.get(other.id) ?? null
        const wins = winner(rule.limits.priority, priority ?? usualPriority)
        return { ...other, priority, customers: up(customers), lost: up(lost), wins }
      })
      .sort((a, b) => b.customers - a.customers),
    examples,
  }
}

const repsOf = (lines: readonly Line[]): string[] => [...new Set(lines.flatMap(({ rep }) => rep ?? []))]

/** What a rule would have done over stored history, and what it would do with one customer. */
export const backtestsApi = ({ rules, sees, look, customerNames, names, audit }: Deps): Bound[] => {
  const command = runBacktest({ rules, audit })

  /** Theirs, or anybody's for who sees everybody: the counts are of the customers of whoever began it. */
  const mine = async (actor: SignedIn, id: string): Promise<Stored> => {
    const doc = await rules.backtests.get(id)
    if (scopeOf(actor) !== null && doc.byId !== writerOf(actor).id) throw notFound('backtest', id)
    return doc
  }

  const one = async (actor: SignedIn, doc: Stored): Promise<Backtest> => {
    const seen = await onlySeen<Stored['examples'][number]>(sees, actor, ({ customerId }) => [customerId])(doc.examples)
    const [called, reps, all] = await Promise.all([
      customerNames(seen.map(({ customerId }) => customerId)),
      names(repsOf(seen.flatMap(({ lines }) => lines))),
      rules.store.list(),
    ])
    const examples = seen.map(({ customerId, lines }) => ({
      customerId,
      customer: called.get(customerId) ?? '',
      lines: lines.map(presentLine(reps)),
    }))
    return look.masked(present(doc, new Map(all.map(({ _id, limits }) => [_id, limits.priority])), examples))
  }

  return [
    bind(endpoints.backtest, async ({ actor, body }) => one(actor, await command.begin(actor, body))),
    bind(endpoints.backtestOf, async ({ actor, params }) => one(actor, await mine(actor, params.id))),
    bind(endpoints.cancelBacktest, async ({ actor, params }) => {
      await mine(actor, params.id)
      return one(actor, await command.cancel(actor, params.id))
    }),
    bind(endpoints.tryOn, async ({ actor, body: { id, rule, customerId } }): Promise<RuleTrial> => {
      const { at, view, met, because, lines } = await rules.tryOn(rule, id ?? 'draft', customerId, scopeOf(actor))
      const reps = await names(repsOf([...lines]))
      return look.masked({
        at: at.toISOString(),
        customerId: view.id,
        customer: view.name,
        tier: view.tier.tier,
        met,
        because,
        lines: lines.map(presentLine(reps)),
      })
    }),
  ]
}
