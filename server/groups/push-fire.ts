import { because, type Because } from '@zhiyin/shared/because'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import type { Audience } from './push-audience.ts'
import { aimed, daysOf } from './push-aim.ts'
import { pushPlanModel, type PushItemDoc, type PushPlanDoc } from './push-plans.model.ts'
import { turnsUntil, type IsWorkday, type Turn } from './push-turns.ts'
import type { PlannedTurn, Push } from './push.ts'

const perSweep = 50
const hourMs = 3_600_000
/** A sweep that comes some seconds late is on time. */
const graceMs = 60_000

type Deps = {
  mongo: Mongo
  log: Log
  zone: string
  /** The company's calendar as it stands now. */
  workdays: () => Promise<IsWorkday>
  audience: Audience
  push: Pick<Push, 'turn' | 'skip' | 'takeBack'>
  /** Brings the tiers of groups up to date before they decide which variant goes. */
  freshTiers: (ids?: readonly string[]) => Promise<void>
}

/** The record of a turn, whose key makes it one for whoever finds it due. */
export const plannedTurn = (doc: PushPlanDoc, item: PushItemDoc, turn: Turn): PlannedTurn => ({
  key: `plan:${doc._id}:${item.id}:${turn.name}`,
  contentId: item.contentId,
  dueAt: turn.at,
  plan: { id: doc._id, name: doc.name, itemId: item.id, onlyVariants: item.onlyVariants, ...daysOf(item) },
})

/** Plans at their time. A turn is kept before its plan moves on, so a crash between the two repeats nothing and loses nothing. */
export const createPushFire = ({ mongo, log, zone, workdays, audience, push, freshTiers }: Deps) => {
  const plans = pushPlanModel(mongo.connection)

  const lateness = ({ lateHours }: PushPlanDoc, { goAt, at }: Turn, newest: boolean, now: Date): Because | null => {
    if (!newest) return because('push.newer', { at: at.getTime() })
    return now.getTime() - goAt.getTime() > lateHours * hourMs + graceMs
      ? because('push.late', { at: at.getTime(), hours: lateHours })
      : null
  }

  /** Handles what of an item has come; answers the item as it stands then. */
  const handle = async (
    doc: PushPlanDoc,
    item: PushItemDoc,
    turns: readonly Turn[],
    now: Date,
  ): Promise<PushItemDoc> => {
    let after = item
    for (const [index, turn] of turns.entries()) {
      const planned = plannedTurn(doc, item, turn)
      const why = lateness(doc, turn, index === turns.length - 1, now)
      if (why !== null) await push.skip(planned, item.content, why)
      else {
        const here = await push.turn(planned, await audience.find(item.audience), because('push.no_group'))
        if (!here) {
          log.warn(
            { plan: doc._id, content: item.contentId },
            'a line of a content plan has lost its content and stops',
          )
          await push.skip(planned, item.content, because('push.no_content'))
          return { ...after, handled: turn.name, problem: 'content' }
        }
        after = { ...after, lastAt: now }
      }
      after = { ...after, handled: turn.name }
    }
    return after
  }

  const fire = async (doc: PushPlanDoc, now: Date): Promise<void> => {
    const times = { zone, isWorkday: await workdays() }
    const items: PushItemDoc[] = []
    for (const item of doc.items) {
      const turns = item.problem === null ? turnsUntil(item, now, times) : []
      if (turns.length > 0) await freshTiers()
      items.push(await handle(doc, item, turns, now))
    }
    const { set, unset } = aimed({ on: true, items }, now, times)
    // Whoever changed the plan meanwhile has aimed it anew; a turn they still have is found again, kept already.
    const moved = await plans.updateOne({ _id: doc._id, rev: doc.rev }, { $set: set, ...unset, $inc: { rev: 1 } })
    if (moved.matchedCount === 1) return
    // Paused or deleted at this moment: what was wanted after that took everything back goes after it.
    const left = await plans.findById(doc._id, { on: 1 }).lean<Pick<PushPlanDoc, 'on'> | null>()
    if (left?.on !== true)
      await push.takeBack(doc._id, because(left === null ? 'block.plan_removed' : 'block.plan_paused'))
  }

  return {
    sweep: {
      stage: 'push-plans',
      prompt: true,
      async run(now) {
        const due = await plans
          .find({ lookAt: { $lte: now } })
          .sort({ lookAt: 1 })
          .limit(perSweep)
          .lean<PushPlanDoc[]>()
        await eachOf(due, 1, (doc) => fire(doc, now))
        return due.length
      },
    } satisfies Sweep,

    backlog: {
      stage: 'push-plans',
      async count(now) {
        const due = await plans
          .find({ lookAt: { $lte: now } }, { lookAt: 1 })
          .sort({ lookAt: 1 })
          .lean<Pick<PushPlanDoc, '_id' | 'lookAt'>[]>()
        return { pending: 0, due: due.length, dead: 0, oldestAt: due[0]?.lookAt ?? null }
      },
    } satisfies BacklogOf,
  }
}
