import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import { AppError } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomRead, WecomSetup } from '../wecom/types.ts'
import { tagsModel, type TagDoc } from './tags.model.ts'
import { viewOf, type TagView } from './read.ts'

export type Tags = {
  /**
   * Makes a tag here and in WeCom. While WeCom cannot do it now (away, over its limit, a setting) the tag is local and the next sync
   * takes it there. Throws `conflict.exists`.
   */
  create: (wanted: { name: string; group: string }) => Promise<TagView>
  /** Takes over every corp tag of WeCom, marks what is gone there as deleted, and takes local ones there. Repeating it is harmless. */
  sync: () => Promise<{ tags: number }>
}

type Deps = {
  mongo: Mongo
  newId: NewId
  setup: Pick<WecomSetup, 'addCorpTag'>
  wecom: Pick<WecomRead, 'corpTags'>
  log: Log
}

const isLater = (error: unknown): boolean => error instanceof AppError && error.retry !== 'never'

export const createTags = ({ mongo, newId, setup, wecom, log }: Deps): Tags => {
  const model = tagsModel(mongo.connection)

  /** The tag's id in WeCom; null when WeCom cannot make it now. */
  const makeThere = async ({ name, group }: { name: string; group: string }): Promise<string | null> => {
    try {
      return (await setup.addCorpTag({ name, group })).id
    } catch (error) {
      if (!isLater(error)) throw error
      log.warn({ err: error, name, group }, 'the tag is local for now')
      return null
    }
  }

  const pushLocal = async (): Promise<void> => {
    const local = await model.find({ deleted: false, wecomId: null }).lean<TagDoc[]>()
    for (const tag of local) {
      const wecomId = await makeThere(tag)
      if (wecomId === null || (await model.exists({ wecomId }))) continue
      await model.updateOne({ _id: tag._id, wecomId: null }, { $set: { wecomId } })
    }
  }

  return {
    create: async ({ name, group }) => {
      if (await model.exists({ group, name, deleted: false })) {
        throw new AppError('conflict.exists', { status: 409, params: { name } })
      }
      const wecomId = await makeThere({ name, group })
      if (wecomId === null) {
        const local = { _id: newId('tag'), name, group, wecomId, deleted: false }
        await model.create([local])
        return viewOf(local)
      }
      const doc = await model
        .findOneAndUpdate(
          { wecomId },
          { $set: { name, group, deleted: false }, $setOnInsert: { _id: newId('tag') } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<TagDoc>()
      if (!doc) throw new TypeError('an upsert answered nothing')
      return viewOf(doc)
    },

    sync: async () => {
      await pushLocal()
      const groups = await wecom.corpTags()
      const tags = groups.flatMap((group) => group.tags.map((tag) => ({ ...tag, group: group.name })))
      if (tags.length > 0) {
        await model.bulkWrite(
          tags.map(({ id, name, group }) => ({
            updateOne: {
              filter: { wecomId: id },
              update: { $set: { name, group, deleted: false }, $setOnInsert: { _id: newId('tag') } },
              upsert: true,
            },
          })),
          { ordered: false },
        )
      }
      await model.updateMany(
        { wecomId: { $type: 'string', $nin: tags.map((tag) => tag.id) }, deleted: false },
        { $set: { deleted: true } },
      )
      return { tags: tags.length }
    },
  }
}

/** Tag changes (标签变更) carry only an id, and a deleted group takes its tags with it: the list is read again, one call for all tags. */
export const tagsHandlers = (tags: Pick<Tags, 'sync'>): EventHandlers =>
  handlersOf((on) => {
    on(
      [
        'change_external_tag.create',
        'change_external_tag.update',
        'change_external_tag.delete',
        'change_external_tag.shuffle',
      ],
      {
        name: 'tags',
        lane: 'soon',
        run: async () => {
          await tags.sync()
        },
      },
    )
  })
