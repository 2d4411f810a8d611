import type { NewFact } from '@zhiyin/shared/fact'
import type { NewId } from '../platform/id.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import type { GroupChat, WecomRead } from '../wecom/types.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'

export type SyncDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  read: Pick<WecomRead, 'groupChats' | 'groupChat'>
  appendFacts: (facts: NewFact[]) => Promise<unknown>
  /** Customer ids by external_userid; those nobody knows are left out. */
  customersOf: (externalUserIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

const atOnce = 4

/** Keeps customer groups as WeCom shows them. Who joined or left is the difference to what was kept, so events may come twice or in any order. */
export const createSync = ({ mongo, clock, newId, read, appendFacts, customersOf }: SyncDeps) => {
  const groups = groupModel(mongo.connection)

  type Outside = GroupDoc['outside']

  const tell = async (chatId: string, name: string, before: Outside, now: Outside, chat: GroupChat | null) => {
    const sameStay = (a: Outside[number], b: Outside[number]): boolean =>
      a.id === b.id && a.joinedAt.getTime() === b.joinedAt.getTime()
    const joined = now.filter((one) => !before.some((other) => sameStay(one, other)))
    const left = before.filter((one) => !now.some((other) => sameStay(one, other)))
    const known = await customersOf([...joined, ...left].map(({ id }) => id))
    const stay = ({ id, joinedAt }: Outside[number]): string => `${chatId}:${id}:${joinedAt.getTime()}`
    const about = { chatId, ...(name === '' ? {} : { name }) }
    const facts = [
      ...joined.flatMap((one): NewFact[] => {
        const customerId = known.get(one.id)
        const joinScene = chat?.members.find(({ id }) => id === one.id)?.joinScene
        const payload = { ...about, ...(joinScene === undefined ? {} : { joinScene }) }
        return customerId === undefined
          ? []
          : [
              {
                id: `group.joined:${stay(one)}`,
                customerId,
                type: 'group.joined',
                at: one.joinedAt,
                source: 'wecom',
                payload,
              },
            ]
      }),
      ...left.flatMap((one): NewFact[] => {
        const customerId = known.get(one.id)
        return customerId === undefined
          ? []
          : [
              {
                id: `group.left:${stay(one)}`,
                customerId,
                type: 'group.left',
                at: clock.date(),
                source: 'wecom',
                payload: about,
              },
            ]
      }),
    ]
    if (facts.length > 0) await appendFacts(facts)
  }

  /** Reads one group again; answers the version of its member list, null when it is no customer group any more. */
  const one = async (chatId: string): Promise<string | null> => {
    const [chat, kept] = await Promise.all([read.groupChat(chatId), groups.findOne({ key: chatId }).lean()])
    if (chat === null) {
      await dismiss(chatId)
      return null
    }
    const outside = chat.members.filter(({ type }) => type === 2).map(({ id, joinedAt }) => ({ id, joinedAt }))
    // The facts first: if what follows is lost, the same difference is found again, under the same ids.
    await tell(chatId, chat.name, kept?.outside ?? [], outside, chat)
    const memberVersion = chat.memberVersion ?? null
    const change = {
      name: chat.name,
      owner: chat.owner,
      members: chat.members.length,
      outside,
      memberVersion,
      dismissed: false,
    }
    const fresh = { _id: newId('group'), kind: 'customer' as const, chatId, tier: 'C' as const, webhook: null }
    await groups.updateOne({ key: chatId }, { $set: change, $setOnInsert: fresh }, { upsert: true })
    return memberVersion
  }

  const dismiss = async (chatId: string): Promise<void> => {
    const kept = await groups.findOne({ key: chatId }).lean()
    if (kept === null) return
    await tell(chatId, kept.name, kept.outside, [], null)
    await groups.updateOne({ key: chatId }, { $set: { dismissed: true, outside: [], members: 0 } })
  }

  return {
    one,
    dismiss,
    async all(): Promise<void> {
      for await (const page of read.groupChats())
        await eachOf(page, atOnce, async ({ chatId }) => void (await one(chatId)))
    },
  }
}

export type Sync = ReturnType<typeof createSync>
