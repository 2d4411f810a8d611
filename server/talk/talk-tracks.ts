import { fitOf, type TalkLine, type TalkTrackInput } from '@zhiyin/shared/talk-track'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import { talkTrackModel, type TalkTrackDoc } from './talk-tracks.model.ts'

const mostTracks = 1000
/** Uses of one track told twice come close together. */
const mostKeys = 50

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** Throws content.* for a text that is no good template. */
  check: (text: string) => Promise<void>
}

/** What reps can say (话术), by situation, tier and stage. */
export const createTalkTracks = ({ mongo, clock, newId, check }: Deps) => {
  const model = talkTrackModel(mongo.connection)
  const list = (): Promise<TalkTrackDoc[]> => model.find().sort({ _id: -1 }).limit(mostTracks).lean<TalkTrackDoc[]>()
  const fieldsOf = ({ situation, title, text, tiers, stages }: TalkTrackInput, by: string) => ({
    situation,
    title,
    text,
    tiers,
    stages,
    updatedAt: clock.date(),
    updatedBy: by,
  })

  return {
    list,
    find: (id: string): Promise<TalkTrackDoc | null> => model.findById(id).lean<TalkTrackDoc | null>().exec(),
    async create(input: TalkTrackInput, by: string, id = newId('talkTrack')): Promise<TalkTrackDoc> {
      await check(input.text)
      const doc = { _id: id, ...fieldsOf(input, by), used: 0, lastUsedAt: null, keys: [] }
      await model.create(doc)
      return doc
    },
    /** Throws not_found, content.*. */
    async update(id: string, input: TalkTrackInput, by: string): Promise<TalkTrackDoc> {
      await check(input.text)
      const doc = await model
        .findOneAndUpdate({ _id: id }, { $set: fieldsOf(input, by) }, { returnDocument: 'after' })
        .lean<TalkTrackDoc | null>()
      if (doc === null) throw notFound('talk_track', id)
      return doc
    },
    /** Throws not_found. */
    async remove(id: string): Promise<TalkTrackDoc> {
      const doc = await model.findOneAndDelete({ _id: id }).lean<TalkTrackDoc | null>()
      if (doc === null) throw notFound('talk_track', id)
      return doc
    },
    /** Counts a use; one with the same key is the same. */
    async used(id: string, key: string): Promise<void> {
      await model.updateOne(
        { _id: id, keys: { $ne: key } },
        { $inc: { used: 1 }, $set: { lastUsedAt: clock.date() }, $push: { keys: { $each: [key], $slice: -mostKeys } } },
      )
    },
    /** Those that fit a customer with their own words: what is written for their tier and stage first, then what is used most. */
    async forCustomer(
      view: Pick<CustomerView, 'tier' | 'stage'>,
      say: (text: string) => Promise<string>,
    ): Promise<TalkLine[]> {
      const held = { tier: view.tier.tier, stage: view.stage.stage }
      const fitting = (await list())
        .map((track) => ({ track, fit: fitOf(track, held) }))
        .filter(({ fit }) => fit >= 0)
        .sort((a, b) => b.fit - a.fit || b.track.used - a.track.used)
      return Promise.all(
        fitting.map(async ({ track: { _id, situation, title, text, tiers, stages }, fit }) => ({
          id: _id,
          situation,
          title,
          text: await say(text),
          fits: fit > 0,
          tiers,
          stages,
        })),
      )
    },
  }
}

export type TalkTracks = ReturnType<typeof createTalkTracks>
