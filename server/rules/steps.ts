import { because, type Because } from '@zhiyin/shared/because'
import { allows } from '@zhiyin/shared/consent'
import type { NeedsGrant } from '@zhiyin/shared/privacy'
import { waysOf, type Step, type StepOf } from '@zhiyin/shared/rule'
import { shareOf } from '../platform/share.ts'
import type { CustomerView } from '../profile/view.ts'
import { noEffects, type Effects } from './effects.ts'
import { senderOf, type IntentOf } from './intents.ts'
import type { RuleVersionDoc } from './rules.model.ts'
import type { Met, RunDoc, RunLog } from './runs.model.ts'
import type { Evaluate } from './types.ts'
import { oneOf } from './one-of.ts'
import type { NoticeOf } from './notices.ts'
import type { WaitEnd } from './wait-end.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

/** What a run does this time, and where it stands afterwards. */
export type Advance = {
  readonly run: RunDoc
  readonly effects: Effects
  readonly log: RunLog[]
  readonly at: string | null
  readonly next:
    /** `dueAt` null: until a person says so. */
    | { readonly state: 'waiting'; readonly dueAt: Date | null; readonly asks?: boolean }
    | { readonly state: 'exited' | 'finished'; readonly because: readonly Because[] }
}

/** Which way a customer goes at a split: the same for the same rule, step and customer, for ever. */
export const armOf = (step: StepOf<'split'>, ruleId: string, customerId: string): string => {
  const share = shareOf(`${ruleId}:${step.id}`, customerId) * step.arms.reduce((sum, { percent }) => sum + percent, 0)
  let upTo = 0
  for (const { id, percent } of step.arms) if (share < (upTo += percent)) return id
  return step.arms.at(-1)?.id ?? ''
}

type Deps = {
  evaluate: Evaluate
  intentOf: IntentOf
  noticeOf: NoticeOf
  waitEnd: WaitEnd
  /** Which purposes need a recorded consent. */
  needsGrant: () => Promise<NeedsGrant>
}
/** What one step comes to: the way to go on by, or that the run stops here. */
type Outcome = { readonly arm: string | null } | Advance['next']

/**
 * Goes through the steps of one run until it waits or ends. `met`: what it waits for has happened. Writes nothing: everything it wants
 * stands in the answer, under keys of run and step.
 */
export const createGo =
  ({ evaluate, intentOf, noticeOf, waitEnd, needsGrant }: Deps) =>
  async (
    run: RunDoc,
    rule: Pick<RuleVersionDoc, 'name' | 'steps' | 'goal' | 'limits'>,
    view: CustomerView,
    now: Date,
    met: Met | undefined = run.met,
  ): Promise<Advance> => {
    const effects = noEffects()
    const log: RunLog[] = []
    const about = { ruleId: run.ruleId, rule: rule.name, runId: run._id }
    const places = new Map(rule.steps.map(({ id }, index) => [id, index]))
    const rep = senderOf(view, run.context.userid)
    const lateMs = now.getTime() - (run.dueAt ?? now).getTime()
    const note = (stepId: string, what: string, reasons: readonly Because[] = [], arm?: string): void =>
      void log.push({ stepId, at: now, what, because: [...reasons], ...(arm === undefined ? {} : { arm }) })
    const stop = (at: string | null, next: Advance['next']): Advance => ({ run, effects, log, at, next })

    /** Why it may not be done to them for a purpose, nothing where it may. */
    const without = async (purpose: keyof NeedsGrant): Promise<Because[]> =>
      allows(view.consents[purpose], (await needsGrant())[purpose]) ? [] : [because(`block.${purpose}`)]

    const send = async (step: StepOf<'send'>, answered: boolean | undefined): Promise<Outcome> => {
      const { late } = step
      if (answered === undefined && late !== undefined && lateMs > late.afterHours * hourMs && late.action !== 'send') {
        const reason = because('rule.too_late', { hours: Math.floor(lateMs / hourMs) })
        note(step.id, late.action === 'ask' ? 'asks' : 'late', [reason])
        return late.action === 'ask' ? { state: 'waiting', dueAt: null, asks: true } : { arm: null }
      }
      if (answered === false) {
        note(step.id, 'late', [because('rule.late_dropped', { by: run.answer?.by ?? '' })])
        return { arm: null }
      }
      const intent = await intentOf(step, { ...about, limits: rule.limits, userid: run.context.userid }, view, now)
      effects.intents.push(intent)
      note(step.id, 'send', intent.refusal ? [intent.refusal] : [])
      return { arm: null }
    }

    const branch = (step: StepOf<'branch'>): Outcome => {
      for (const arm of step.arms) {
        const answer = evaluate(arm.condition, view, now)
        if (!answer.met) continue
        note(step.id, 'branch', answer.because, arm.id)
        return { arm: arm.id }
      }
      note(step.id, 'branch', [], 'otherwise')
      return { arm: 'otherwise' }
    }

    /** `waited`: it waited here already, and its time has come. */
    const take = async (step: Step, waited: boolean): Promise<Outcome> => {
      const key = `${run._id}:${step.id}`
      switch (step.type) {
        case 'wait':
          if (waited) return { arm: null }
          note(step.id, 'wait')
          return { state: 'waiting', dueAt: waitEnd(step, now) }
        case 'wait_until': {
          const arm = met?.stepId === step.id ? 'met' : waited ? 'otherwise' : null
          note(step.id, arm === null ? 'wait' : 'waited', [], arm ?? undefined)
          return arm === null ? { state: 'waiting', dueAt: new Date(now.getTime() + step.hours * hourMs) } : { arm }
        }
        case 'branch':
          return branch(step)
        case 'split': {
          const arm = armOf(step, run.ruleId, run.customerId)
          note(step.id, 'split', [], arm)
          return { arm }
        }
        case 'send':
          return send(step, waited && run.answer?.stepId === step.id ? run.answer.send : undefined)
        case 'tag': {
          // What is taken off tells nothing of them any more.
          const barred = step.add.length === 0 ? [] : await without('profiling')
          const add = barred.length === 0 ? step.add : []
          if (add.length + step.remove.length > 0)
            effects.tags.push({
              key,
              customerId: view.id,
              externalUserId: view.externalUserId,
              userid: rep,
              add,
              remove: step.remove,
              because: because('tag.by_rule', { rule: rule.name }),
              at: now,
            })
          note(step.id, 'tag', barred)
          return { arm: null }
        }
        case 'set_attribute': {
          const barred = await without('profiling')
          if (barred.length === 0)
            effects.attributes.push({
              key,
              customerId: view.id,
              attribute: step.key,
              value: step.value,
              rule: rule.name,
              at: now,
            })
          note(step.id, 'set_attribute', barred)
          return { arm: null }
        }
        case 'task':
          if (rep !== null)
            effects.tasks.push({
              key,
              kind: 'rule',
              title: step.title,
              userid: rep,
              customerIds: [view.id],
              dueAt: new Date(now.getTime() + step.dueHours * hourMs),
              because: run.because,
            })
          note(step.id, 'task', rep === null ? [because('block.no_rep')] : [])
          return { arm: null }
        case 'notify': {
          const notice = await noticeOf(step, { ...about, key, rep }, view, now)
          if (notice !== null) effects.intents.push(notice)
          note(step.id, 'notify', notice === null ? [because('block.no_rep')] : [])
          return { arm: null }
        }
        case 'transfer': {
          const to = oneOf(step.userids, run.customerId)
          if (rep !== null && to !== null && to !== rep)
            effects.transfers.push({ key, customerId: view.id, from: rep, to, rule: rule.name })
          note(step.id, 'transfer', rep === null ? [because('block.no_rep')] : [])
          return { arm: null }
        }
        case 'webhook': {
          const { externalUserId, stage, tier } = view
          const said = { customerId: view.id, externalUserId, stage: stage.stage, tier: tier.tier, userid: rep }
          const body = { type: 'rule.step', at: now.toISOString(), ...about, stepId: step.id, customer: said }
          const barred = await without('sharing')
          if (barred.length === 0)
            effects.webhooks.push({ key, ruleId: run.ruleId, customerId: view.id, url: step.url, body, at: now })
          note(step.id, 'webhook', barred)
          return { arm: null }
        }
        case 'exit':
          return { state: 'exited', because: [because('rule.exit_step')] }
      }
    }

    // With a goal the customer stays, to be seen reaching it, until its time is over; then no step comes any more, however late it is.
    const until = rule.goal === null ? null : new Date(run.enteredAt.getTime() + rule.goal.withinDays * dayMs)
    const over = until !== null && until.getTime() <= now.getTime()
    const passed = new Set<string>()
    let at = run.at
    let waited = run.state === 'waiting'
    while (at !== null && !over) {
      const index = places.get(at)
      const step = index === undefined ? undefined : rule.steps[index]
      if (index === undefined || step === undefined || passed.has(at))
        return stop(at, { state: 'exited', because: [because('rule.no_way')] })
      passed.add(at)
      // Whom no rule may reach is greeted, for a welcome answers what they did; nothing after it touches them.
      const greeting = step.type === 'send' && step.channel === 'welcome'
      if (run.arm === 'global_holdout' && !greeting)
        return stop(at, { state: 'exited', because: [because('block.global_holdout')] })
      const outcome = await take(step, waited)
      if ('state' in outcome) return stop(at, outcome)
      waited = false
      at = waysOf(rule.steps, index).find(({ arm }) => arm === outcome.arm)?.to ?? null
    }
    if (rule.goal === null) return stop(null, { state: 'finished', because: [because('rule.finished')] })
    if (until !== null && !over) return stop(null, { state: 'waiting', dueAt: until })
    return stop(null, { state: 'finished', because: [because('rule.goal_window', { days: rule.goal.withinDays })] })
  }

export type Go = ReturnType<typeof createGo>
