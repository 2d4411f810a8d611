import type { Model } from 'mongoose'
import type { WantInput } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { LossDoc } from './losses.model.ts'
import { stillHeld } from './tell-rep.ts'

const perMessage = 100
const shown = 10
const worthMs = 86_400_000

export type TellManagersDeps = {
  model: Model<LossDoc>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** Who manages each of these reps. */
  managersOf: (userids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  wantMany: (inputs: readonly WantInput[]) => Promise<unknown>
  /** Where the list stands in the console. */
  lossesUrl: string
}

/** Tells managers of the losses among their reps: those of a minute in one message. */
export const createTellManagers = ({ model, views, names, managersOf, wantMany, lossesUrl }: TellManagersDeps) => {
  const linesOf = async (losses: readonly LossDoc[]): Promise<ReadonlyMap<string, string>> => {
    const [customers, members] = await Promise.all([
      views(losses.map(({ customerId }) => customerId)),
      names(losses.flatMap(({ userid, stillHeldBy }) => [userid, ...stillHeldBy])),
    ])
    const named = new Map(customers.map(({ id, name }) => [id, name]))
    return new Map(
      losses.map(({ _id, customerId, userid, stillHeldBy }) => [
        _id,
        `${named.get(customerId) ?? ''} 删除了 ${members.get(userid) ?? userid}，${stillHeld(stillHeldBy, members)}`,
      ]),
    )
  }

  /** Answers how many losses were told of. */
  return async (now: Date): Promise<number> => {
    const losses = await model
      .find({ tellManagersAt: { $lte: now } })
      .sort({ tellManagersAt: 1, _id: 1 })
      .limit(perMessage)
      .lean<LossDoc[]>()
    const [first] = losses
    if (first === undefined) return 0
    const [managers, lines] = await Promise.all([managersOf(losses.map(({ userid }) => userid)), linesOf(losses)])
    const byManager = new Map<string, LossDoc[]>()
    for (const loss of losses)
      for (const manager of managers.get(loss.userid) ?? [])
        byManager.set(manager, [...(byManager.get(manager) ?? []), loss])
    await wantMany(
      [...byManager].flatMap(([userid, theirs]): WantInput[] => {
        const [oldest] = theirs
        if (oldest === undefined) return []
        const some = theirs.slice(0, shown).map(({ _id }) => lines.get(_id) ?? '')
        const more = theirs.length > shown ? [`…共 ${theirs.length} 位`] : []
        const text = [`客户流失提醒（${theirs.length}）`, ...some, ...more, lossesUrl].join('\n')
        return [
          {
            key: `losses:${userid}:${oldest._id}:${oldest.at.getTime()}`,
            channel: 'app',
            userid,
            body: { text, attachments: [] },
            expiresAt: new Date(now.getTime() + worthMs),
          },
        ]
      }),
    )
    await model.bulkWrite(
      losses.map(({ _id, at }) => ({ updateOne: { filter: { _id, at }, update: { $unset: { tellManagersAt: 1 } } } })),
    )
    return losses.length
  }
}
