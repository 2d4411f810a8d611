import type { Mongo } from '../platform/mongo.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'

export type KeptGroup = {
  readonly chatId: string
  readonly name: string
  readonly owner: string | null
  readonly memberVersion: string | null
}

type Doc = Pick<GroupDoc, 'chatId' | 'name' | 'owner' | 'memberVersion'>
const fields = { chatId: 1, name: 1, owner: 1, memberVersion: 1 } as const
const here = { kind: 'customer', dismissed: false } as const

const viewOf = ({ chatId, name, owner, memberVersion }: Doc): KeptGroup[] =>
  chatId === null ? [] : [{ chatId, name, owner, memberVersion }]

/** Customer groups as we keep them, for comparing with WeCom's. */
export const createKeptGroups = ({ connection }: Pick<Mongo, 'connection'>) => {
  const groups = groupModel(connection)
  return {
    /** Null when it is unknown or dismissed. */
    get: async (chatId: string): Promise<KeptGroup | null> => {
      const doc = await groups.findOne({ ...here, key: chatId }, fields).lean<Doc | null>()
      return doc === null ? null : (viewOf(doc)[0] ?? null)
    },
    ids: async (): Promise<string[]> =>
      (await groups.find(here, { chatId: 1 }).lean<Pick<Doc, 'chatId'>[]>()).flatMap(({ chatId }) => chatId ?? []),
    /** Those these members own. */
    ownedBy: async (userids: readonly string[]): Promise<KeptGroup[]> =>
      (await groups.find({ ...here, owner: { $in: [...userids] } }, fields).lean<Doc[]>()).flatMap(viewOf),
    /** In the order of chat ids. */
    after: async (chatId: string, limit: number): Promise<KeptGroup[]> =>
      (
        await groups
          .find({ ...here, key: { $gt: chatId } }, fields)
          .sort({ key: 1 })
          .limit(limit)
          .lean<Doc[]>()
      ).flatMap(viewOf),
  }
}
