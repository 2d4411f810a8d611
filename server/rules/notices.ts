import type { StepOf } from '@zhiyin/shared/rule'
import type { WantInput } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Names } from './types.ts'

const worthMs = 86_400_000

export type NoticeDeps = {
  names: Names
  /** Who manages each of these reps. */
  managersOf: (userids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  /** A text with its variables filled in for a customer and their rep. */
  fillText: (text: string, view: CustomerView, rep: string | null) => Promise<string>
}

type About = { key: string; ruleId: string; rule: string; runId: string; rep: string | null }

/** Makes the message of a notify step to colleagues; null where there is nobody to tell. */
export const createNoticeOf =
  ({ names, managersOf, fillText }: NoticeDeps) =>
  async (
    step: StepOf<'notify'>,
    { key, rep, ...about }: About,
    view: CustomerView,
    now: Date,
  ): Promise<WantInput | null> => {
    const reps = rep === null ? [] : [rep]
    const to =
      step.to === 'members' ? step.userids : step.to === 'rep' ? reps : ((await managersOf(reps)).get(rep ?? '') ?? [])
    const [first] = to
    if (first === undefined) return null
    const name = rep === null ? null : ((await names(reps)).get(rep) ?? null)
    const text = await fillText(step.text, view, name)
    return {
      key,
      channel: 'app',
      customerId: view.id,
      userid: first,
      ...(to.length > 1 ? { userids: [...to] } : {}),
      body: { text, attachments: [] },
      cause: { ruleId: about.ruleId, rule: about.rule, runId: about.runId, stepId: step.id },
      expiresAt: new Date(now.getTime() + worthMs),
    }
  }

export type NoticeOf = ReturnType<typeof createNoticeOf>
