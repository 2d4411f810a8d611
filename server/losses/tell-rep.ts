import type { Model } from 'mongoose'
import { because } from '@zhiyin/shared/because'
import type { WantInput } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { NewTask } from '../tasks/read.ts'
import type { LossDoc } from './losses.model.ts'

/** How long the rep has to win the customer back, and how long the message is worth sending. */
const dueMs = 2 * 86_400_000
const worthMs = 86_400_000

export type TellRepDeps = {
  model: Model<LossDoc>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Who of these works here. */
  standing: (userids: readonly string[]) => Promise<ReadonlyMap<string, { readonly active: boolean }>>
  createTasks: (tasks: readonly NewTask[]) => Promise<unknown>
  wantMany: (inputs: readonly WantInput[]) => Promise<unknown>
}

const keyOf = ({ _id, at }: Pick<LossDoc, '_id' | 'at'>): string => `${_id}:${at.getTime()}`
export const taskKeyOf = (loss: Pick<LossDoc, '_id' | 'at'>): string => `win_back:${keyOf(loss)}`

/** “仍由王伟跟进”, or that nobody is left. */
export const stillHeld = (userids: readonly string[], names: ReadonlyMap<string, string>): string =>
  userids.length === 0 ? '已没有顾问跟进' : `仍由${userids.map((id) => names.get(id) ?? id).join('、')}跟进`

/** The rep gets a task to win the customer back, and a message from the app. A rep who has left gets neither. Keys make it safe to repeat. */
export const createTellRep = ({ model, views, names, standing, createTasks, wantMany }: TellRepDeps) => {
  return async (losses: readonly LossDoc[]): Promise<void> => {
    if (losses.length === 0) return
    const userids = losses.flatMap(({ userid, stillHeldBy }) => [userid, ...stillHeldBy])
    const [customers, members, here] = await Promise.all([
      views(losses.map(({ customerId }) => customerId)),
      names(userids),
      standing(losses.map(({ userid }) => userid)),
    ])
    const named = new Map(customers.map(({ id, name }) => [id, name]))
    const told = losses
      .filter(({ userid }) => here.get(userid)?.active === true)
      .map((loss) => ({ loss, name: named.get(loss.customerId) ?? '', others: stillHeld(loss.stillHeldBy, members) }))
    await createTasks(
      told.map(({ loss, name }) => ({
        key: taskKeyOf(loss),
        kind: 'win_back',
        title: `挽回 ${name}`,
        userid: loss.userid,
        customerIds: [loss.customerId],
        dueAt: new Date(loss.at.getTime() + dueMs),
        because: [
          because('loss.deleted', { at: loss.at.getTime() }),
          loss.stillHeldBy.length === 0
            ? because('loss.held_by_nobody')
            : because('loss.still_held', { reps: loss.stillHeldBy.map((id) => members.get(id) ?? id).join('、') }),
        ],
      })),
    )
    await wantMany(
      told.map(({ loss, name, others }) => ({
        key: `loss:${keyOf(loss)}`,
        channel: 'app',
        customerId: loss.customerId,
        userid: loss.userid,
        body: { text: `${name} 删除了你，${others}。已为你建了一条挽回待办。`, attachments: [] },
        expiresAt: new Date(loss.at.getTime() + worthMs),
      })),
    )
    await model.bulkWrite(
      losses.map(({ _id, at }) => ({ updateOne: { filter: { _id, at }, update: { $set: { untold: false } } } })),
    )
  }
}
