import type { JoinWay } from '@zhiyin/shared/api/group-ways'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import type { JoinWayDoc } from './join-ways.model.ts'
import { groupMemberModel } from './members.model.ts'

const weekMs = 7 * 86_400_000

type Numbers = { joined: number; staying: number; week: number; chatIds: string[] }
type Counted = Numbers & { _id: string }
type Led = JoinWay['groups'][number]

const none: Numbers = { joined: 0, staying: 0, week: 0, chatIds: [] }

/** Where join ways lead and who came by them: each member brings the way's state with them. */
export const createTally = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const members = groupMemberModel(mongo.connection)
  const groups = groupModel(mongo.connection)

  const count = async (states: readonly string[]): Promise<ReadonlyMap<string, Numbers>> => {
    const since = new Date(clock.now() - weekMs)
    const rows = await members.aggregate<Counted>([
      { $match: { state: { $in: [...states] } } },
      {
        $group: {
          _id: '$state',
          joined: { $sum: 1 },
          staying: { $sum: { $cond: [{ $eq: ['$leftAt', null] }, 1, 0] } },
          week: { $sum: { $cond: [{ $gte: ['$joinedAt', since] }, 1, 0] } },
          chatIds: { $addToSet: '$chatId' },
        },
      },
    ])
    return new Map(rows.map(({ _id, ...numbers }) => [_id, numbers]))
  }

  const ledTo = async (chatIds: readonly string[]): Promise<ReadonlyMap<string, Led>> => {
    const docs = await groups
      .find({ key: { $in: [...new Set(chatIds)] } }, { key: 1, name: 1, members: 1, dismissed: 1 })
      .lean<Pick<GroupDoc, '_id' | 'key' | 'name' | 'members' | 'dismissed'>[]>()
    return new Map(
      docs.map(({ _id, key, name, members: n, dismissed }) => [key, { id: _id, name, members: n, dismissed }]),
    )
  }

  return async (ways: readonly JoinWayDoc[], standing: (way: JoinWayDoc) => JoinWay['state']): Promise<JoinWay[]> => {
    const counts = await count(ways.map(({ _id }) => _id))
    const numbersOf = ({ _id }: JoinWayDoc): Numbers => counts.get(_id) ?? none
    const leads = await ledTo(ways.flatMap((way) => [...way.chatIds, ...numbersOf(way).chatIds]))
    const known = (chatIds: readonly string[]): Led[] => chatIds.flatMap((chatId) => leads.get(chatId) ?? [])
    return ways.map((way) => {
      const { chatIds, ...numbers } = numbersOf(way)
      const { _id: id, name, qrUrl, autoCreate, baseName, baseNumber, createdBy } = way
      return {
        id,
        name,
        state: standing(way),
        qrUrl,
        autoCreate,
        baseName,
        baseNumber,
        groups: known(way.chatIds),
        made: known(chatIds.filter((chatId) => !way.chatIds.includes(chatId))),
        ...numbers,
        createdAt: way.createdAt.toISOString(),
        createdBy,
      }
    })
  }
}
