import type { GroupActivity } from '@zhiyin/shared/api/groups'
import { zonedTime } from '@zhiyin/shared/zone'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { GroupNumbers } from '../wecom/types.ts'
import { groupModel } from './groups.model.ts'
import { idleSince } from './search.ts'
import { groupDayModel, groupOwnerModel, type GroupOwnerDoc } from './stats.model.ts'

const shownDays = 30
const dayMs = 86_400_000

type Deps = {
  mongo: Mongo
  clock: Clock
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

type Day = Omit<GroupNumbers, 'messages'> & { said: number }
const sum = (field: keyof Day) => ({ $sum: `$${field}` })

/** What happens in the groups of these owners (null: of everybody), by day and by owner. */
export const createActivity = ({ mongo, clock, names }: Deps) => {
  const days = groupDayModel(mongo.connection)
  const owners = groupOwnerModel(mongo.connection)
  const groups = groupModel(mongo.connection)

  return async (scope: readonly string[] | null): Promise<GroupActivity> => {
    const own = scope === null ? {} : { owner: { $in: [...scope] } }
    const from = new Date(clock.now() - (shownDays + 1) * dayMs)
    const [byDay, byOwner, docs, idle] = await Promise.all([
      days.aggregate<Day & { _id: Date }>([
        { $match: { day: { $gte: from }, ...own } },
        {
          $group: {
            _id: '$day',
            newGroups: sum('newGroups'),
            groups: sum('groups'),
            activeGroups: sum('activeGroups'),
            newMembers: sum('newMembers'),
            members: sum('members'),
            activeMembers: sum('activeMembers'),
            said: sum('said'),
          },
        },
        { $sort: { _id: 1 } },
      ]),
      days.aggregate<{ _id: string; said: number }>([
        { $match: { day: { $gte: from }, ...own } },
        { $group: { _id: '$owner', said: sum('said') } },
      ]),
      owners.find(scope === null ? {} : { _id: { $in: [...scope] } }).lean<GroupOwnerDoc[]>(),
      groups.countDocuments({ $and: [{ dismissed: false }, own, idleSince(clock.now())] }),
    ])
    const said = new Map(byOwner.map((one) => [one._id, one.said]))
    const called = await names(docs.map(({ _id }) => _id))
    return {
      days: byDay.map(({ _id, ...numbers }) => ({ day: zonedTime(_id, 'Asia/Shanghai').date, ...numbers })),
      owners: docs
        .map(({ _id, month, monthAt, error }) => ({
          userid: _id,
          name: called.get(_id) ?? _id,
          month: month === null ? null : { ...month, said: said.get(_id) ?? 0 },
          monthAt: monthAt?.toISOString() ?? null,
          error,
        }))
        .sort((a, b) => (b.month?.said ?? -1) - (a.month?.said ?? -1)),
      idle,
    }
  }
}
