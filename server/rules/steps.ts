import { because, type Because } from '@zhiyin/shared/because'
import type { CustomerView } from '../profile/view.ts'
import type { WantInput } from '../outbox/read.ts'
import type { NewTask } from '../tasks/read.ts'
import { senderOf, type IntentOf } from './intents.ts'
import type { RuleVersionDoc } from './rules.model.ts'
import type { RunDoc, RunLog } from './runs.model.ts'
import type { Evaluate, TagCustomer } from './types.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000

export type Tagging = Parameters<TagCustomer>[0]

/** What a run does this time, and where it stands afterwards. */
export type Advance = {
  readonly run: RunDoc
  readonly intents: WantInput[]
  readonly tasks: NewTask[]
  readonly tags: Tagging[]
  readonly log: RunLog[]
  readonly step: number
  readonly next:
    | { readonly state: 'waiting'; readonly dueAt: Date }
    | { readonly state: 'exited' | 'finished'; readonly because: readonly Because[] }
}

type Deps = { evaluate: Evaluate; intentOf: IntentOf }

/** Goes through the steps of one run until it waits or ends. Writes nothing: everything it wants stands in the answer, under keys of run and step. */
export const createGo =
  ({ evaluate, intentOf }: Deps) =>
  async (run: RunDoc, rule: RuleVersionDoc, view: CustomerView, now: Date): Promise<Advance> => {
    const intents: WantInput[] = []
    const tasks: NewTask[] = []
    const tags: Tagging[] = []
    const log: RunLog[] = []
    const about = { ruleId: run.ruleId, rule: rule.name, runId: run._id }
    const note = (stepId: string, what: string, reasons: readonly Because[] = []): void =>
      void log.push({ stepId, at: now, what, because: [...reasons] })
    const at = (step: number, next: Advance['next']): Advance => ({ run, intents, tasks, tags, log, step, next })

    // With a goal the customer stays, to be seen reaching it, until its time is over; then no step comes any more, however late it is.
    const until = rule.goal === null ? null : new Date(run.enteredAt.getTime() + rule.goal.withinDays * dayMs)
    const over = until !== null && until.getTime() <= now.getTime()
    let index = run.step
    for (let step = over ? undefined : rule.steps[index]; step !== undefined; step = rule.steps[index]) {
      index += 1
      switch (step.type) {
        case 'wait': {
          const dueAt = new Date(now.getTime() + step.hours * hourMs)
          note(step.id, 'wait')
          return at(index, { state: 'waiting', dueAt })
        }
        case 'send': {
          const sending = { ...about, quietHours: rule.limits.quietHours, userid: run.context.userid }
          const intent = await intentOf(step, sending, view, now)
          intents.push(intent)
          note(step.id, 'send', intent.refusal ? [intent.refusal] : [])
          break
        }
        case 'tag':
          tags.push({
            key: `${run._id}:${step.id}`,
            customerId: view.id,
            externalUserId: view.externalUserId,
            userid: senderOf(view, run.context.userid),
            add: step.add,
            remove: step.remove,
            because: because('tag.by_rule', { rule: rule.name }),
            at: now,
          })
          note(step.id, 'tag')
          break
        case 'task': {
          const userid = senderOf(view, run.context.userid)
          if (userid !== null)
            tasks.push({
              key: `${run._id}:${step.id}`,
              kind: 'rule',
              title: step.title,
              userid,
              customerIds: [view.id],
              dueAt: new Date(now.getTime() + step.dueHours * hourMs),
              because: run.because,
            })
          note(step.id, 'task', userid === null ? [because('block.no_rep')] : [])
          break
        }
        case 'check': {
          const answer = evaluate(step.condition, view, now)
          note(step.id, answer.met ? 'met' : step.otherwise, answer.because)
          if (answer.met) break
          if (step.otherwise === 'exit')
            return at(index, { state: 'exited', because: [because('rule.exit_condition'), ...answer.because] })
          index += 1
          break
        }
        case 'exit':
          return at(index, { state: 'exited', because: [because('rule.exit_step')] })
      }
    }
    if (rule.goal === null) return at(index, { state: 'finished', because: [because('rule.finished')] })
    if (until !== null && !over) return at(index, { state: 'waiting', dueAt: until })
    return at(index, { state: 'finished', because: [because('rule.goal_window', { days: rule.goal.withinDays })] })
  }

export type Go = ReturnType<typeof createGo>
