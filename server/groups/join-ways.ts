import type { Decision, JoinWayInput } from '@zhiyin/shared/api/group-ways'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { JoinWayFields, WecomRead, WecomSetup } from '../wecom/types.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { joinWayModel, type JoinWayDoc } from './join-ways.model.ts'
import { makeOnce, standingOf, undecided } from './making.ts'

export type Picture = { mime: string; name: string; bytes: Uint8Array<ArrayBuffer> }

export type JoinWaysDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  read: Pick<WecomRead, 'joinWay'>
  setup: Pick<WecomSetup, 'addJoinWay' | 'updateJoinWay' | 'deleteJoinWay'>
  /** Gets the picture of a QR code; throws `channel.picture` when it cannot be had. */
  picture: (code: { name: string; qrUrl: string }) => Promise<Picture>
}

/** Codes that lead into customer groups (群活码): made once, changed and deleted in WeCom, and here with the call. */
export const createJoinWays = ({ mongo, clock, newId, read, setup, picture }: JoinWaysDeps) => {
  const ways = joinWayModel(mongo.connection)
  const groups = groupModel(mongo.connection)

  /** Throws not_found for a group that is no customer group, or is no more. */
  const chatIdsOf = async (groupIds: readonly string[]): Promise<string[]> => {
    const ids = [...new Set(groupIds)]
    const found = await groups
      .find({ _id: { $in: ids }, kind: 'customer', dismissed: false }, { chatId: 1 })
      .lean<Pick<GroupDoc, '_id' | 'chatId'>[]>()
    const byId = new Map(found.map(({ _id, chatId }) => [_id, chatId]))
    return ids.map((id) => {
      const chatId = byId.get(id)
      if (!chatId) throw notFound('group', id)
      return chatId
    })
  }

  const wireOf = (doc: JoinWayDoc): JoinWayFields => ({
    remark: doc.name,
    chatIds: doc.chatIds,
    autoCreate: doc.autoCreate,
    baseName: doc.baseName,
    baseNumber: doc.baseNumber,
    state: doc._id,
  })

  const load = async (id: string): Promise<JoinWayDoc> => {
    const doc = await ways.findById(id).lean<JoinWayDoc | null>()
    if (doc === null) throw notFound('joinWay', id)
    return doc
  }
  /** One that WeCom is known to have. */
  const made = async (id: string): Promise<JoinWayDoc & { configId: string }> => {
    const doc = await load(id)
    if (doc.configId === null) throw new AppError('group.unsure', { status: 409, params: { name: doc.name } })
    return { ...doc, configId: doc.configId }
  }

  const fetchUrl = async (configId: string): Promise<string> => {
    const way = await read.joinWay(configId)
    if (way === null) throw notFound('joinWay', configId)
    await ways.updateOne({ configId }, { $set: { qrUrl: way.qrCode } })
    return way.qrCode
  }

  const ask = async (doc: JoinWayDoc): Promise<void> => {
    const mine = { _id: doc._id, askedAt: doc.askedAt }
    await makeOnce(() => setup.addJoinWay(wireOf(doc)), {
      made: async ({ configId }) => {
        await ways.updateOne(mine, { $set: { state: 'on', configId } })
        await fetchUrl(configId)
      },
      unsure: () => ways.updateOne(mine, { $set: { state: 'unsure' } }).exec(),
      refused: () => ways.deleteOne(mine).exec(),
    })
  }

  return {
    load,
    list: (): Promise<JoinWayDoc[]> => ways.find().sort({ _id: -1 }).lean<JoinWayDoc[]>().exec(),
    standing: (doc: JoinWayDoc) => standingOf(doc, clock.now()),

    /** Throws `conflict.exists` for a name in use, WecomError when WeCom refuses. A lost answer leaves it unsure. */
    async create({ groupIds, ...rest }: JoinWayInput, by: string): Promise<JoinWayDoc> {
      if ((await ways.exists({ name: rest.name })) !== null)
        throw new AppError('conflict.exists', { status: 409, params: { name: rest.name } })
      const now = clock.date()
      const doc: JoinWayDoc = {
        _id: newId('joinWay'),
        ...rest,
        state: 'making',
        askedAt: now,
        configId: null,
        qrUrl: '',
        chatIds: await chatIdsOf(groupIds),
        createdAt: now,
        createdBy: by,
      }
      await ways.create([doc])
      await ask(doc)
      return load(doc._id)
    },

    async update(id: string, { groupIds, ...rest }: JoinWayInput): Promise<JoinWayDoc> {
      const doc = { ...(await made(id)), ...rest, chatIds: await chatIdsOf(groupIds) }
      await setup.updateJoinWay(doc.configId, wireOf(doc))
      await ways.updateOne({ _id: id }, { $set: { ...rest, chatIds: doc.chatIds } })
      return load(id)
    },

    async remove(id: string): Promise<string> {
      const { name, configId } = await made(id)
      await setup.deleteJoinWay(configId)
      await ways.deleteOne({ _id: id })
      return name
    },

    /** A person's word on one whose answer was lost; throws `conflict.changed` when there is nothing (more) to decide. */
    async decide(id: string, then: Decision): Promise<string> {
      const open = { _id: id, ...undecided(clock.now()) }
      const doc =
        then === 'forget'
          ? await ways.findOneAndDelete(open).lean<JoinWayDoc | null>()
          : await ways
              .findOneAndUpdate(open, { $set: { state: 'making', askedAt: clock.date() } }, { returnDocument: 'after' })
              .lean<JoinWayDoc | null>()
      if (doc === null) throw new AppError('conflict.changed', { status: 409 })
      if (then === 'again') await ask(doc)
      return doc.name
    },

    /** The QR code, from the address WeCom gives for it now. */
    async picture(id: string): Promise<Picture> {
      const { name, configId } = await made(id)
      return picture({ name, qrUrl: await fetchUrl(configId) })
    },
  }
}

export type JoinWays = ReturnType<typeof createJoinWays>
