import type { Because } from '@zhiyin/shared/because'
import { wordsOf } from '@zhiyin/shared/content'
import type { DryRunStep, RuleInput, SendStep } from '@zhiyin/shared/rule'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { CustomerView } from '../profile/view.ts'
import type { IsHeldOut } from '../measure/types.ts'
import type { Outbox, Verdict } from '../outbox/read.ts'
import { isValidAt, skipOf, treatmentOf, type Enter } from './enter.ts'
import { askingOf } from './asking.ts'
import type { IntentOf } from './intents.ts'
import type { Evaluate, Names, Scan } from './types.ts'
import type { Go } from './steps.ts'
import { addForecast, forecast } from './forecast.ts'
import { addedToday, todayCondition, todayReasons } from './walk.ts'

export type DryOutcome = 'send' | 'wait' | 'block' | 'holdout' | 'skip'
export type DryRow = {
  view: CustomerView
  because: readonly Because[]
  outcome: DryOutcome
  outcomeBecause: Because[]
  preview: string | null
  rep: string | null
}
export type DryResult = {
  at: Date
  checked: number
  counts: Record<DryOutcome, number>
  rows: DryRow[]
  steps: DryRunStep[]
  /** Whether the rule takes anybody in today. */
  valid: boolean
}

/** At most so many customers are looked at; figures beyond say how many were. */
const maxChecked = 2000
const perBatch = 500

type Deps = {
  clock: Clock
  zone: string
  scan: Scan
  evaluate: Evaluate
  enter: Pick<Enter, 'keepingOut'>
  globalHoldout: () => Promise<IsHeldOut>
  intentOf: IntentOf
  go: Go
  preview: Outbox['preview']
  names: Names
}

const outcomes: Readonly<Record<Verdict['kind'], DryOutcome>> = { permit: 'send', wait: 'wait', block: 'block' }

/** Tries a rule on today's customers, of those in `scope`: who would be met, why, and what would become of the first send. Writes nothing. */
export const createDryRun = (deps: Deps) => {
  const { clock, zone, scan, evaluate, enter, intentOf, preview, names } = deps
  type Met = { view: CustomerView; because: readonly Because[] }

  const batch = async (
    rule: RuleInput,
    id: string,
    step: SendStep | undefined,
    met: readonly Met[],
  ): Promise<DryRow[]> => {
    const now = clock.date()
    const out = await enter.keepingOut(
      { _id: id, limits: rule.limits },
      met.map(({ view }) => view.id),
    )
    const sending = { ruleId: id, rule: rule.name, runId: 'dry', limits: rule.limits, userid: null }
    const intents = await Promise.all(
      met.map(async ({ view }) => (step === undefined ? null : intentOf(step, sending, view, now))),
    )
    const nothing = { key: '', channel: 'app' as const, expiresAt: new Date(now.getTime() + 1) }
    const asked = intents.map((intent, index) => askingOf(`dry:${index}`, intent ?? nothing))
    const [verdicts, isOut] = await Promise.all([preview(asked), deps.globalHoldout()])
    const reps = await names([...new Set(asked.flatMap(({ userid }) => userid ?? []))])
    return met.map(({ view, because: reasons }, index): DryRow => {
      const intent = intents[index]
      const userid = intent?.userid ?? null
      const row = {
        view,
        because: reasons,
        preview: intent?.body ? wordsOf(intent.body) : null,
        rep: userid === null ? null : (reps.get(userid) ?? userid),
      }
      const skip = skipOf(rule, out.get(view.id))
      if (skip !== null) return { ...row, outcome: 'skip', outcomeBecause: [skip] }
      const { because: alone } = treatmentOf(id, rule, view.id, isOut)
      if (alone !== null) return { ...row, outcome: 'holdout', outcomeBecause: [alone] }
      const verdict = verdicts[index]
      if (verdict === undefined || verdict.kind === 'permit') return { ...row, outcome: 'send', outcomeBecause: [] }
      return { ...row, outcome: outcomes[verdict.kind], outcomeBecause: [verdict.because] }
    })
  }

  return async (rule: RuleInput, id: string, limit: number, scope: Scope): Promise<DryResult> => {
    const at = clock.date()
    const counts = { send: 0, wait: 0, block: 0, holdout: 0, skip: 0 }
    const rows: DryRow[] = []
    const steps = new Map<string, DryRunStep>()
    const step = rule.steps.find((each) => each.type === 'send')
    let checked = 0
    let after: string | null = null
    while (checked < maxChecked) {
      const today = todayCondition(rule.trigger, rule.condition)
      const found: readonly CustomerView[] = await scan(today, after, perBatch, scope)
      checked += found.length
      const met = found
        .filter((view) => addedToday(rule.trigger, view, at, zone))
        .map((view) => ({ view, answer: evaluate(rule.condition, view, at) }))
        .filter(({ answer }) => answer.met)
        .map(({ view, answer }) => ({ view, because: [...todayReasons(rule.trigger, view), ...answer.because] }))
      for (const row of await batch(rule, id, step, met)) {
        counts[row.outcome] += 1
        if (rows.length < limit) rows.push(row)
        const enters = row.outcome !== 'skip' && row.outcome !== 'holdout'
        if (enters) addForecast(steps, await forecast(deps.go, rule, id, row.view, at))
      }
      after = found.at(-1)?.id ?? null
      if (found.length < perBatch) break
    }
    return { at, checked, counts, rows, steps: [...steps.values()], valid: isValidAt(rule, at) }
  }
}

export type DryRunner = ReturnType<typeof createDryRun>
