import { createGather } from '../platform/gather.ts'
import { notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { channelsModel, type ChannelDoc } from './channels.model.ts'

/** A channel as the room hands it out. */
export type ChannelView = Omit<
  ChannelDoc,
  | '_id'
  | 'nameKey'
  | 'people'
  | 'placed'
  | 'by'
  | 'until'
  | 'askedAt'
  | 'looks'
  | 'comparedAt'
  | 'tries'
  | 'dueAt'
  | 'rev'
> & {
  readonly id: string
  /** Who stands behind the code in WeCom as far as we know. */
  readonly serving: { userids: string[]; by: ChannelDoc['by']; until: Date | null }
}
type ChannelRef = { id: string; name: string; tagIds: readonly string[] }

export type ChannelsRead = {
  /** The channel whose `state` came back with a customer; null when it is nobody's. */
  byState: (state: string) => Promise<ChannelRef | null>
  names: (ids: readonly string[]) => Promise<Map<string, string>>
  /** Newest first, without those that are deleted. */
  list: () => Promise<ChannelView[]>
  /** Throws not_found. */
  get: (id: string) => Promise<ChannelView>
}

const viewOf = (doc: ChannelDoc): ChannelView => {
  const { _id, nameKey: _key, people: _people, placed, by, until, askedAt: _asked, looks: _looks, ...rest } = doc
  const { comparedAt: _compared, tries: _tries, dueAt: _due, rev: _rev, ...shown } = rest
  return { ...shown, id: _id, serving: { userids: placed?.userids ?? [], by, until } }
}

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
      const docs = await model.find({ deletedAt: null }).sort({ _id: -1 }).lean<ChannelDoc[]>()
      return docs.map(viewOf)
    },
    get: async (id) => {
      const doc = await model.findById(id).lean<ChannelDoc | null>()
      if (doc === null) throw notFound('channel', id)
      return viewOf(doc)
    },
  }
}
