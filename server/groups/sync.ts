import type { NewId } from '../platform/id.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import type { ListedGroup, WecomRead } from '../wecom/types.ts'
import { groupChangeModel } from './changes.model.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { createKeep } from './keep.ts'
import { createTell, type TellDeps } from './tell.ts'

export type SyncDeps = TellDeps & {
  mongo: Mongo
  clock: Clock
  newId: NewId
  read: Pick<WecomRead, 'groupChats' | 'groupChat'>
  /** A group has this owner now; their statistics will be wanted. */
  onOwner: (userid: string) => Promise<unknown>
}

const atOnce = 4
const tries = 5

/** Keeps customer groups as WeCom shows them. What is new is the difference to what was kept, so events may come twice or in any order. */
export const createSync = (deps: SyncDeps) => {
  const { mongo, clock, newId, read, onOwner } = deps
  const groups = groupModel(mongo.connection)
  const changes = groupChangeModel(mongo.connection)
  const keep = createKeep(deps)
  const tell = createTell(deps)

  const dismiss = async (chatId: string): Promise<void> => {
    await keep.dismiss(chatId)
    await tell.group(chatId)
  }

  /** What is kept is loaded before WeCom is asked: a change that another process keeps meanwhile makes this reading void. */
  const readAndKeep = async (chatId: string): Promise<string | null> => {
    for (let made = 0; made < tries; made += 1) {
      const kept = await keep.load(chatId)
      const chat = await read.groupChat(chatId)
      if (chat === null) {
        await dismiss(chatId)
        return null
      }
      if (kept?.owner !== chat.owner) await onOwner(chat.owner)
      if (!(await keep.save(chat, kept))) continue
      await tell.group(chatId)
      return chat.memberVersion ?? null
    }
    throw new AppError('conflict.changed', { status: 409, retry: 'backoff' })
  }

  /** Who asks for a group while groups are being read shares the next reading: fifty people who join at once cost two. */
  const refresh = createGather(
    async (chatIds: readonly string[]): Promise<(string | null)[]> => {
      const versions = new Map<string, string | null>()
      await eachOf([...new Set(chatIds)], atOnce, async (chatId) => {
        versions.set(chatId, await readAndKeep(chatId))
      })
      return chatIds.map((chatId) => versions.get(chatId) ?? null)
    },
    { most: 50, atOnce: 2 },
  )

  /** WeCom's list is the only place that tells whether a group waits for a new owner. Groups we do not know yet are left out. */
  const noteStatus = async (listed: readonly ListedGroup[]): Promise<void> => {
    const known = await groups
      .find({ key: { $in: listed.map(({ chatId }) => chatId) } }, { key: 1, status: 1 })
      .lean<Pick<GroupDoc, '_id' | 'key' | 'status'>[]>()
    const status = new Map(listed.map((one) => [one.chatId, one.status]))
    const moved = known.flatMap(({ key, status: from }) => {
      const to = status.get(key) ?? from
      return to === from ? [] : [{ key, from, to }]
    })
    await eachOf(moved, atOnce, async ({ key, from, to }) => {
      const was = await groups.updateOne({ key, status: from }, { $set: { status: to }, $inc: { reads: 1 } })
      if (was.matchedCount === 0) return
      const line = { _id: newId('groupChange'), chatId: key, at: clock.date(), kind: 'status' as const }
      await changes.create([{ ...line, from: String(from), to: String(to) }])
    })
  }

  /** Every customer group WeCom lists, page by page, with its status noted on the way. */
  async function* listed(...filter: Parameters<WecomRead['groupChats']>): AsyncGenerator<ListedGroup[]> {
    for await (const page of read.groupChats(...filter)) {
      await noteStatus(page)
      yield page
    }
  }

  /** They are a customer now: their groups belong to them. Who becomes one at the same time is looked up together. */
  const tellPerson = createGather(
    async (ids: readonly string[]): Promise<void[]> => {
      await tell.people([...new Set(ids)])
      return ids.map(() => undefined)
    },
    { restMs: 10 },
  )

  return {
    /** Reads one group again; answers the version of its member list, null when it is no customer group any more. */
    refresh,
    dismiss,
    listed,
    noteStatus,
    tellPerson,
    /** What of a group is not told yet. */
    tell: tell.group,
    /** The member has left the company: which of their groups wait to be inherited? */
    async ownerLeft(userid: string): Promise<void> {
      for await (const page of listed([userid], 1))
        await eachOf(page, atOnce, async ({ chatId }) => void (await refresh(chatId)))
    },
  }
}

export type Sync = ReturnType<typeof createSync>
