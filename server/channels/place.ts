import type { Model } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { ContactWay, WecomRead, WecomSetup } from '../wecom/types.ts'
import { wecomOf } from '../wecom/types.ts'
import type { ChannelDoc } from './channels.model.ts'
import type { ChannelPlan } from './plan.ts'
import { problemOf } from './refusal.ts'

/** WeCom's clock and ours may differ by so much. */
const skewMs = 5 * 60_000
/** An answer that was lost may stand for a call that is still being done; it is looked for twice before a second try. */
const lookMs = [5_000, 30_000] as const

export type PlaceDeps = {
  model: Model<ChannelDoc>
  clock: Clock
  log: Log
  plan: ChannelPlan
  read: Pick<WecomRead, 'contactWay' | 'contactWayIds'>
  setup: Pick<WecomSetup, 'addContactWay' | 'deleteContactWay'>
}

/** Makes the contact way of a channel exactly once: what was asked for is written down before, and looked for after a lost answer. */
export const createPlace = ({ model, clock, log, plan, read, setup }: PlaceDeps) => {
  const after = (ms: number): Date => new Date(clock.now() + ms)

  /** Contact ways made since WeCom was asked that carry the channel's state and belong to no channel. */
  const found = async ({ state, askedAt }: ChannelDoc): Promise<ContactWay[]> => {
    const ways: ContactWay[] = []
    const span = { from: new Date(askedAt.getTime() - skewMs), to: after(skewMs) }
    for await (const ids of read.contactWayIds(span)) {
      const held = new Set(await model.distinct('configId', { configId: { $in: ids } }))
      for (const id of ids) {
        const way = held.has(id) ? null : await read.contactWay(id)
        if (way?.state === state) ways.push(way)
      }
    }
    return ways
  }

  /** Takes a contact way for the channel's own; `placed`: what it was made with, as far as that is known. A channel deleted meanwhile has no use for it. */
  const take = async (
    doc: ChannelDoc,
    way: { configId: string; qrCode: string },
    placed: ChannelDoc['placed'],
  ): Promise<void> => {
    const now = clock.date()
    const taken = await model.updateOne(
      { _id: doc._id, status: 'making' },
      {
        $set: {
          status: 'on',
          configId: way.configId,
          qrUrl: way.qrCode,
          placed,
          problem: null,
          comparedAt: now,
          looks: 0,
          tries: 0,
          dueAt: now,
        },
        $inc: { rev: 1 },
      },
    )
    if (taken.matchedCount === 0) await setup.deleteContactWay(way.configId)
  }

  /**
   * Asks WeCom for the contact way. Rejects with WecomError when it was certainly not made; after a lost answer it is looked for.
   */
  const make = async (doc: ChannelDoc): Promise<void> => {
    const { serving, placed, full, unable } = await plan.wanted({ ...doc, status: 'on' })
    await model.updateOne(
      { _id: doc._id, status: 'making' },
      {
        $set: {
          askedAt: clock.date(),
          looks: 0,
          full,
          unable,
          by: serving.by,
          until: serving.until,
          dueAt: after(60_000),
        },
      },
    )
    try {
      const way = await setup.addContactWay({ ...placed, state: doc.state, exclusive: doc.exclusive })
      await take(doc, way, placed)
    } catch (error) {
      if (wecomOf(error)?.kind !== 'ambiguous') throw error
      log.warn({ err: error, channel: doc._id }, 'the answer about a new contact way was lost; it is looked for')
      await model.updateOne(
        { _id: doc._id, status: 'making' },
        { $set: { problem: problemOf(error, clock.date()), dueAt: after(lookMs[0]) } },
      )
    }
  }

  /** Not there yet: again later, and after the last look true. */
  const givesUp = async (doc: ChannelDoc): Promise<boolean> => {
    const wait = lookMs[doc.looks + 1]
    if (wait === undefined) return true
    await model.updateOne({ _id: doc._id, status: doc.status }, { $inc: { looks: 1 }, $set: { dueAt: after(wait) } })
    return false
  }

  return {
    make,
    /** A channel whose contact way was asked for and is not known: found, or made anew once it is certain that there is none. */
    settle: async (doc: ChannelDoc): Promise<void> => {
      const [first, ...others] = await found(doc)
      for (const way of others) await setup.deleteContactWay(way.configId)
      if (first !== undefined) await take(doc, first, null)
      else if (await givesUp(doc)) await make(doc)
    },
    /** A channel that was deleted before its contact way was known: none of it is left behind. */
    sweepUp: async (doc: ChannelDoc): Promise<void> => {
      const ways = await found(doc)
      for (const way of ways) await setup.deleteContactWay(way.configId)
      if (ways.length > 0 || (await givesUp(doc))) await model.updateOne({ _id: doc._id }, { $set: { dueAt: null } })
    },
  }
}
export type ChannelPlace = ReturnType<typeof createPlace>
