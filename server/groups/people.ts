import { formerName } from '@zhiyin/shared/actor'
import type { GroupPerson } from '@zhiyin/shared/api/groups'
import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'
import { outsideId } from './told.ts'

export type PeopleDeps = {
  mongo: Mongo
  /** Names of colleagues by userid. */
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  customersOf: (externalUserIds: readonly string[], scope: Scope) => Promise<ReadonlyMap<string, string>>
}

/** `scope`: whose customers may be opened from here; null: everybody’s. */
export type NamePeople = (
  chatId: string,
  ids: readonly (string | null)[],
  scope: Scope,
) => Promise<(id: string) => GroupPerson>

/** What somebody outside is called whose name WeCom has not told, as in the list of customers. */
const unnamed = '未具名客户'

/** Who the ids in a group are: a colleague's name, else the name the person has in the group, else what they are; never an id. */
export const createPeople = ({ mongo, names, customersOf }: PeopleDeps): NamePeople => {
  const members = groupMemberModel(mongo.connection)
  const nobody = (id: string): string => (outsideId.test(id) ? unnamed : formerName)
  return async (chatId, some, scope) => {
    const ids = [...new Set(some.filter((id): id is string => id !== null && id !== ''))]
    if (ids.length === 0) return (id) => ({ id, name: nobody(id), customerId: null })
    const [colleagues, customers, stays] = await Promise.all([
      names(ids),
      customersOf(ids, scope),
      members
        .find({ chatId, id: { $in: ids } }, { id: 1, name: 1 })
        .lean<Pick<GroupMemberDoc, '_id' | 'id' | 'name'>[]>(),
    ])
    const here = new Map(stays.map(({ id, name }) => [id, name]))
    return (id) => ({
      id,
      name: colleagues.get(id) || here.get(id) || nobody(id),
      customerId: customers.get(id) ?? null,
    })
  }
}
