import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import { channelsModel, type ChannelDoc } from './channels.model.ts'

export type ChannelView = {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly userids: readonly string[]
  readonly tagIds: readonly string[]
  readonly qrUrl: string
  readonly configId: string
}
type ChannelRef = Pick<ChannelView, 'id' | 'name' | 'tagIds'>

export type ChannelsRead = {
  /** The channel whose `state` came back with a customer; null when it is nobody's. */
  byState: (state: string) => Promise<ChannelRef | null>
  names: (ids: readonly string[]) => Promise<Map<string, string>>
  /** Newest first. */
  list: () => Promise<ChannelView[]>
}

export const viewOf = ({ _id, name, state, userids, tagIds, qrUrl, configId }: ChannelDoc): ChannelView => ({
  id: _id,
  name,
  state,
  userids,
  tagIds,
  qrUrl,
  configId,
})

export const createChannelsRead = ({ mongo }: { mongo: Mongo }): ChannelsRead => {
  const model = channelsModel(mongo.connection)
  return {
    byState: createGather(async (states: readonly string[]): Promise<(ChannelRef | null)[]> => {
      const docs = await model.find({ state: { $in: [...new Set(states)] } }).lean<ChannelDoc[]>()
      const byState = new Map(docs.map((doc) => [doc.state, { id: doc._id, name: doc.name, tagIds: doc.tagIds }]))
      return states.map((state) => byState.get(state) ?? null)
    }),
    names: async (ids) => {
      if (ids.length === 0) return new Map()
      const docs = await model
        .find({ _id: { $in: [...new Set(ids)] } }, { name: 1 })
        .lean<Pick<ChannelDoc, '_id' | 'name'>[]>()
      return new Map(docs.map((doc) => [doc._id, doc.name]))
    },
    list: async () => {
      const docs = await model.find({}).sort({ _id: -1 }).lean<ChannelDoc[]>()
      return docs.map(viewOf)
    },
  }
}
