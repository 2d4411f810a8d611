import type { Fact } from '@zhiyin/shared/fact'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import { lossModel, type LossDoc } from './losses.model.ts'
import { createTellManagers, type TellManagersDeps } from './tell-managers.ts'
import { createTellRep, taskKeyOf, type TellRepDeps } from './tell-rep.ts'

/** Two events tell of one deletion (del_follow_user of the contact and of the acquisition link), seconds apart at most. */
const sameMs = 5_000
/** What happened longer ago (an import, a repair) alerts nobody. */
const staleMs = 3 * 86_400_000
/** Managers hear of what happens within this time in one message. */
const gatherMs = 60_000
const second = (at: Date): number => Math.floor(at.getTime() / 1000)

type Deps = Omit<TellRepDeps & TellManagersDeps, 'model'> & {
  mongo: Mongo
  clock: Clock
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  closeTasks: (keys: readonly string[], state: 'done' | 'dropped') => Promise<void>
}

type Deleted = Fact<'contact.deleted_by_customer'>

/** Customers who deleted a rep (流失): each is noticed once, the rep gets a task, rep and managers are told. */
export const createLosses = (deps: Deps) => {
  const { mongo, clock, views, closeTasks } = deps
  const model = lossModel(mongo.connection)
  const tellRep = createTellRep({ ...deps, model })
  const tellManagers = createTellManagers({ ...deps, model })

  /** The record of a new loss; null when it is known already, or older than the one that is. */
  const claim = async (loss: Omit<LossDoc, 'times'>): Promise<LossDoc | null> => {
    try {
      const fresh = { ...loss, times: 1 }
      await model.create(fresh)
      return fresh
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
    const { _id, ...set } = loss
    return model
      .findOneAndUpdate(
        { _id, at: { $lt: new Date(loss.at.getTime() - sameMs) } },
        { $set: set, $inc: { times: 1 } },
        { returnDocument: 'after' },
      )
      .lean<LossDoc | null>()
  }

  const notice = async (customerId: string, facts: readonly Deleted[]): Promise<void> => {
    const [view] = await views([customerId])
    if (view === undefined) return
    for (const { payload, at } of facts) {
      const hold = view.follows.find(({ userid }) => userid === payload.userid)
      // Of one second the rep's deletion stands, and theirs was one too; in whichever order they are told of.
      const both = hold?.state === 'deleted_by_rep' && second(hold.since) === second(at)
      // Added again meanwhile, or handed over: nothing is lost.
      if (hold?.state !== 'deleted_by_customer' && !both) continue
      const fresh = clock.now() - at.getTime() <= staleMs
      const others = view.follows.filter(({ userid, state }) => state === 'following' && userid !== payload.userid)
      const loss = await claim({
        _id: `${customerId}:${payload.userid}`,
        customerId,
        userid: payload.userid,
        at,
        stillHeldBy: others.map(({ userid }) => userid),
        wonBackAt: null,
        untold: fresh,
        ...(fresh ? { tellManagersAt: new Date(clock.now() + gatherMs) } : {}),
      })
      if (loss !== null && fresh) await tellRep([loss])
    }
  }

  const winBack = async (customerId: string, { payload, at }: Fact<'contact.added'>): Promise<void> => {
    const loss = await model
      .findOneAndUpdate(
        { _id: `${customerId}:${payload.userid}`, wonBackAt: null, at: { $lt: at } },
        { $set: { wonBackAt: at } },
      )
      .lean<LossDoc | null>()
    if (loss !== null) await closeTasks([taskKeyOf(loss)], 'done')
  }

  const sweep: Sweep = {
    stage: 'losses',
    async run(now) {
      const untold = await model.find({ untold: true }).limit(100).lean<LossDoc[]>()
      await tellRep(untold)
      return untold.length + (await tellManagers(now))
    },
  }
  const backlog: BacklogOf = {
    stage: 'losses',
    async count(now) {
      const due = { tellManagersAt: { $lte: now } }
      const [pending, late] = await Promise.all([model.countDocuments({ untold: true }), model.countDocuments(due)])
      return { pending, due: late, dead: 0, oldestAt: null }
    },
  }

  return {
    /** Shows it new facts of a customer, folded already; safe to repeat. */
    async match(customerId: string, facts: readonly Fact[]): Promise<void> {
      const deleted = facts.filter((fact) => fact.type === 'contact.deleted_by_customer')
      if (deleted.length > 0) await notice(customerId, deleted)
      for (const fact of facts) if (fact.type === 'contact.added') await winBack(customerId, fact)
    },
    sweep,
    backlog,
  }
}

export type Losses = ReturnType<typeof createLosses>
