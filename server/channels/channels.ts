import type { EventHandlers } from '@zhiyin/shared/events'
import type { Fact } from '@zhiyin/shared/fact'
import type { FactsRead } from '../events/read.ts'
import type { Enqueue, JobHandlers } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { MembersRead } from '../members/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { OwnedRecords } from '../profile/identities/types.ts'
import type { WecomRead, WecomSetup } from '../wecom/types.ts'
import type { Alarm } from './alarm.ts'
import { channelsModel, type ChannelDoc } from './channels.model.ts'
import { createCount } from './count.ts'
import { channelsHandlers } from './handlers.ts'
import { createChanges, type ChannelChanges } from './changes.ts'
import { createPlace } from './place.ts'
import { createPlan } from './plan.ts'
import { createPicture, type FetchPicture, type Picture } from './picture.ts'
import { createChannelsRead } from './read.ts'
import { createRoster } from './roster.ts'
import { createServe } from './serve.ts'
import { createChannelStats, type ChannelStatsRead } from './stats.ts'
import { createStrays, type Strays } from './strays.ts'
import { createChannelsBacklog, createChannelsSweep } from './sweep.ts'

export type ChannelsDeps = {
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  zone: string
  facts: Pick<FactsRead, 'list'>
  members: Pick<MembersRead, 'standing'>
  read: Pick<WecomRead, 'contactWay' | 'contactWayIds' | 'followUserList'>
  setup: Pick<WecomSetup, 'addContactWay' | 'updateContactWay' | 'deleteContactWay'>
  picture: FetchPicture
  /** Tells the managers what cannot wait. */
  alarm: Alarm
}

export type Channels = ChannelChanges & {
  strays: Pick<Strays, 'list' | 'remove'>
  stats: ChannelStatsRead
  /** The QR code as a picture. Throws not_found, `channel.picture`. */
  picture: (id: string) => Promise<Picture>
  /** Facts of a customer, once or often: who came through which channel. */
  count: (customerId: string, facts: readonly Fact[]) => Promise<void>
  /** What customers who become one did after they came is what one did. */
  owned: OwnedRecords
  handlers: EventHandlers
  jobs: Pick<JobHandlers, 'channels.serve'>
  sweep: Sweep
  backlog: BacklogOf
}

/** Channel QR codes (渠道活码): who stands behind each, at every hour, and who came through it. */
export const createChannels = (deps: ChannelsDeps): Channels => {
  const { mongo, clock, log, newId, enqueue, zone, facts, members, read, setup, alarm } = deps
  const model = channelsModel(mongo.connection)
  const view = createChannelsRead({ mongo })
  const stats = createChannelStats({ mongo, clock, zone })
  const plan = createPlan({ clock, zone, members, wecom: read, stats })
  const place = createPlace({ model, clock, log, plan, read, setup })
  const serve = createServe({ model, clock, plan, place, read, setup, alarm })
  const strays = createStrays({ model, clock, read, setup })
  const changes = createChanges({ model, clock, newId, view, plan, place, serve, strays, setup })
  const pictureOf = createPicture(deps.picture)

  const nudge = async (ids: readonly string[]): Promise<void> => {
    const live: ChannelDoc['status'][] = ['on', 'paused']
    const nudged = await model.updateMany(
      { _id: { $in: [...ids] }, status: { $in: live } },
      { $set: { dueAt: clock.date() }, $inc: { rev: 1 } },
    )
    if (nudged.matchedCount > 0) await enqueue('channels.serve', { ids: [...ids] })
  }

  const { count, recount } = createCount({
    mongo,
    zone,
    facts,
    onAdded: async (ids) => {
      const capped = await model.distinct('_id', { _id: { $in: [...ids] }, capPerDay: { $ne: null } })
      if (capped.length > 0) await nudge(capped)
    },
  })
  /** Worked out from facts, which have gone over by then. */
  const owned: OwnedRecords = {
    room: 'channels',
    handOn: async ({ from, to }) => {
      await recount(from)
      await recount(to)
    },
    giveBack: async ({ whole, to }) => {
      await recount(whole)
      await recount(to)
    },
  }

  return {
    ...changes,
    strays,
    stats,
    picture: async (id) => pictureOf(await view.get(id)),
    count,
    owned,
    handlers: channelsHandlers(createRoster({ model, clock, nudge })),
    jobs: {
      'channels.serve': async ({ ids }) => {
        for (const id of ids) await serve(id)
      },
    },
    sweep: createChannelsSweep({ model, enqueue }),
    backlog: createChannelsBacklog(model),
  }
}
