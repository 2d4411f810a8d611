import { rules as endpoints } from '@zhiyin/shared/api/rules'
import type { DryRun, DryRunRow, Rule, RuleRun } from '@zhiyin/shared/rule'
import type { RuleVersion } from '@zhiyin/shared/rule-version'
import { enterRule } from '../commands/enter-rule.ts'
import { answerLateSends } from '../commands/answer-late-sends.ts'
import { reviewRule } from '../commands/review-rule.ts'
import { switchRule } from '../commands/switch-rule.ts'
import { writeRule } from '../commands/write-rule.ts'
import { scopeOf } from '../platform/actor.ts'
import type { Looking } from '../privacy/read.ts'
import type { Rules } from '../rules/room.ts'
import { bind, type Bound } from './bind.ts'
import { onlySeen, pageSeen, type Sees } from './seen.ts'

type Deps = Parameters<typeof writeRule>[0] &
  Parameters<typeof switchRule>[0] &
  Parameters<typeof enterRule>[0] & {
    rules: Rules
    sees: Sees
    /** Messages and reasons tell of customers; here they are masked for everybody. */
    look: Pick<Looking, 'masked'>
    /** Names of customers by id. */
    customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  }
type Stored = Awaited<ReturnType<Rules['store']['get']>>
type Version = Awaited<ReturnType<Rules['store']['versions']>>[number]
type Counts = Rule['counts']
type RunItem = Awaited<ReturnType<Rules['listRuns']>>['items'][number]
type DryRow = Awaited<ReturnType<Rules['dryRun']>>['rows'][number]

const none: Counts = { running: 0, entered: 0, heldOut: 0, goal: 0, exited: 0, finished: 0 }

const present = (
  { _id, scheduleAt: _at, listens: _listens, updatedById: _by, updatedAt, ...rest }: Stored,
  counts: Counts | undefined,
): Rule => ({
  ...rest,
  pausedBecause: rest.pausedBecause ?? null,
  id: _id,
  counts: counts ?? none,
  updatedAt: updatedAt.toISOString(),
})

const presentVersion = (said: Version, live: number | null, running: ReadonlyMap<number, number>): RuleVersion => {
  const { _id, ruleId: _rule, savedById: _by, askedById: _asked, savedAt, review, ...rest } = said
  return {
    ...rest,
    savedAt: savedAt.toISOString(),
    live: said.version === live,
    running: running.get(said.version) ?? 0,
    review: review ?? null,
  }
}

const presentRun = (run: RunItem, names: ReadonlyMap<string, string>): RuleRun => ({
  id: run.id,
  ruleId: run.ruleId,
  rule: run.rule,
  version: run.version,
  customerId: run.customerId,
  customer: names.get(run.customerId) ?? '',
  state: run.state,
  at: run.at,
  enteredAt: run.enteredAt.toISOString(),
  dueAt: run.dueAt?.toISOString() ?? null,
  because: run.because,
  leftBecause: run.leftBecause,
})

const presentRow = ({ view, because, outcome, outcomeBecause, preview, rep }: DryRow): DryRunRow => ({
  customerId: view.id,
  customer: view.name,
  tier: view.tier.tier,
  stage: view.stage.stage,
  because: [...because],
  outcome,
  outcomeBecause,
  preview,
  rep,
})

export const rulesApi = ({ rules, sees, look, customerNames, ...deps }: Deps): Bound[] => {
  const write = writeRule({ ...deps, rules })
  const turn = switchRule({ ...deps, rules })
  const review = reviewRule({ ...deps, rules })
  const enter = enterRule({ ...deps, rules })
  const answerLate = answerLateSends({ ...deps, rules })
  const one = async (rule: Stored): Promise<Rule> => present(rule, (await rules.store.counts([rule._id])).get(rule._id))
  return [
    bind(endpoints.list, async () => {
      const found = await rules.store.list()
      const counts = await rules.store.counts(found.map(({ _id }) => _id))
      return { items: found.map((rule) => present(rule, counts.get(rule._id))) }
    }),
    bind(endpoints.get, async ({ params }) => one(await rules.store.get(params.id))),
    bind(endpoints.create, async ({ actor, body, lang }) => one(await write(actor, null, body, lang))),
    bind(endpoints.update, async ({ actor, params, body: { version, running, ...input }, lang }) =>
      one(await write(actor, { id: params.id, version, running }, input, lang)),
    ),
    bind(endpoints.versions, async ({ params }) => {
      const rule = await rules.store.get(params.id)
      const [items, running] = await Promise.all([rules.store.versions(params.id), rules.store.underWay(params.id)])
      return { items: items.map((version) => presentVersion(version, rule.live, running)) }
    }),
    bind(endpoints.ask, async ({ actor, params, body }) =>
      one(await review.ask(actor, params.id, body.version, body.words)),
    ),
    bind(endpoints.decide, async ({ actor, params, body }) => one(await review.decide(actor, params.id, body))),
    bind(endpoints.settings, async () => rules.approval.settings()),
    bind(endpoints.changeSettings, async ({ actor, body }) => review.setApproval(actor, body.approval)),
    bind(endpoints.dryRun, async ({ actor, body: { id, limit, ...rule }, lang }): Promise<DryRun> => {
      const scope = scopeOf(actor)
      const [{ at, checked, counts, rows, steps, valid }, problems] = await Promise.all([
        rules.dryRun(rule, id ?? 'draft', limit, scope),
        rules.check({ ...rule, _id: id ?? 'draft' }, lang),
      ])
      return {
        at: at.toISOString(),
        checked,
        counts,
        rows: rows.map((row) => look.masked(presentRow(row))),
        steps,
        problems,
        limited: scope !== null,
        valid,
      }
    }),
    bind(endpoints.webhookKey, async () => ({ key: rules.webhookKey })),
    bind(endpoints.check, async ({ body: { id, ...rule }, lang }) => ({
      problems: await rules.check({ ...rule, _id: id ?? 'draft' }, lang),
    })),
    bind(endpoints.figures, async ({ params }) => rules.figures((await rules.store.get(params.id))._id)),
    bind(endpoints.enter, async ({ actor, params, body }) => {
      const { entered, kept } = await enter(actor, params.id, body.customerIds)
      return { entered, kept: kept.map(({ customerId, because }) => ({ customerId, because: [...because] })) }
    }),
    bind(endpoints.late, async ({ params }) => ({
      items: (await rules.late.list(params.id)).map((late) => ({ ...late, oldest: late.oldest.toISOString() })),
    })),
    bind(endpoints.answerLate, async ({ actor, params, body }) => ({
      answered: await answerLate(actor, params.id, body),
    })),
    bind(endpoints.turnOn, async ({ actor, params, body, lang }) =>
      one(await turn(actor, params.id, { on: true, meetNow: body.meetNow, lang })),
    ),
    bind(endpoints.pause, async ({ actor, params }) => one(await turn(actor, params.id, { on: false }))),
    bind(endpoints.runs, async ({ actor, params, query }) => {
      const { items, next } = await pageSeen(
        query.after,
        (after) => rules.listRuns({ ruleId: params.id, ...query, after }),
        onlySeen(sees, actor, ({ customerId }) => [customerId]),
      )
      const names = await customerNames(items.map(({ customerId }) => customerId))
      return { items: items.map((run) => look.masked(presentRun(run, names))), next }
    }),
  ]
}
