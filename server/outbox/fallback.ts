import { because, type Because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import type { NewTask } from '../tasks/read.ts'
import { intentCollection, type IntentDoc, type IntentFallback } from './intents.model.ts'
import { holds } from './permit.ts'
import { previewOf } from './tell.ts'
import type { WantInput, WantMany } from './want.ts'
import { cutSealed } from '../platform/vault.ts'

const taskMs = 24 * 3_600_000

/** The task to send by hand what did not go out. */
export const writeTaskKey = (intentId: string): string => `write:${intentId}`

type Deps = {
  mongo: Mongo
  clock: Clock
  limits: () => Promise<SendLimits>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  wantMany: WantMany
  createTasks: (tasks: readonly NewTask[]) => Promise<unknown>
}

type Step = { intent: IntentDoc; want?: WantInput; task?: NewTask; because: Because }

/** It had no room at the customer, and is to reach them another way. */
const isLost = ({ state, because: reasons }: IntentDoc): boolean =>
  state === 'blocked' && reasons.some(({ code }) => code === 'block.lost_fallback')

/** Nobody confirmed it or it had no room, somebody still wants it, and it is not itself a second try. */
const comesAgain = (intent: IntentDoc): intent is IntentDoc & { fallback: IntentFallback } =>
  (intent.delivery === 'expired' || isLost(intent)) &&
  intent.channel === 'mass' &&
  intent.fallback !== undefined &&
  intent.fallbackOf === undefined &&
  intent.withdrawn === undefined

/** What comes after a mass message nobody confirmed: another rep is asked, or the rep gets a task to write by hand; once. Safe to repeat. */
export const createFallback = ({ mongo, clock, limits, views, names, wantMany, createTasks }: Deps) => {
  const intents = intentCollection(mongo.connection)

  const stepOf = (
    intent: IntentDoc & { fallback: IntentFallback },
    {
      company,
      view,
      name,
    }: { company: SendLimits['fallback']; view: CustomerView | undefined; name: (userid: string) => string },
  ): Step | null => {
    const { _id, key, customerId, userid, fallback, cause, createdAt, expiresAt } = intent
    const now = clock.now()
    const choice = fallback.choice ?? company
    const from = name(userid ?? '')
    const { other } = fallback
    // Another rep would have no room at this customer either.
    const asksRep = !isLost(intent) && (choice === 'rep' || choice === 'rep_then_task')
    if (asksRep && other !== null && view && holds(view, other.userid)) {
      const reason = because('send.fallback_rep', { from, rep: name(other.userid) })
      const want: WantInput = {
        key: `${key}:fallback`,
        channel: 'mass',
        customerId,
        externalUserId: intent.externalUserId,
        userid: other.userid,
        body: other.body,
        ...(intent.contentId === undefined ? {} : { contentId: intent.contentId }),
        ...(intent.variant === undefined ? {} : { variant: intent.variant }),
        cause,
        quietHours: intent.quietHours,
        ...(intent.priority === undefined ? {} : { priority: intent.priority }),
        ...(intent.expectedValue === undefined ? {} : { expectedValue: intent.expectedValue }),
        ...(intent.onLoss === undefined ? {} : { onLoss: intent.onLoss }),
        ...(intent.days === undefined ? {} : { days: intent.days }),
        expiresAt: new Date(now + expiresAt.getTime() - createdAt.getTime()),
        sender: reason,
        fallbackOf: _id,
      }
      return { intent, want, because: reason }
    }
    if ((choice !== 'task' && choice !== 'rep_then_task') || userid === null || customerId === null) return null
    const reason = because(isLost(intent) ? 'send.lost_task' : 'send.fallback_task', { rep: from })
    const task: NewTask = {
      key: writeTaskKey(_id),
      kind: 'rule',
      title: `手写给客户：${cutSealed(previewOf(intent.body), 60)}`,
      userid,
      customerIds: [customerId],
      dueAt: new Date(now + taskMs),
      because: [reason],
    }
    return { intent, task, because: reason }
  }

  return async (settled: readonly IntentDoc[]): Promise<void> => {
    const expired = settled.filter(comesAgain)
    if (expired.length === 0) return
    const userids = [
      ...new Set(expired.flatMap(({ userid, fallback }) => [userid ?? [], fallback.other?.userid ?? []].flat())),
    ]
    const [{ fallback: company }, known, called] = await Promise.all([
      limits(),
      views([...new Set(expired.flatMap(({ customerId }) => customerId ?? []))]),
      names(userids),
    ])
    const byId = new Map(known.map((view) => [view.id, view]))
    const name = (userid: string): string => called.get(userid) ?? userid
    const steps = expired.flatMap(
      (intent) => stepOf(intent, { company, view: byId.get(intent.customerId ?? ''), name }) ?? [],
    )
    await wantMany(steps.flatMap(({ want }) => want ?? []))
    await createTasks(steps.flatMap(({ task }) => task ?? []))
    if (steps.length === 0) return
    await intents.bulkWrite(
      steps.map(({ intent, because: reason }) => ({
        updateOne: {
          filter: { _id: intent._id, 'because.code': { $ne: reason.code } },
          update: { $push: { because: reason } },
        },
      })),
      { ordered: false },
    )
  }
}

export type FallbackTo = ReturnType<typeof createFallback>
