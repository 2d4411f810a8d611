import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { departmentsModel, type DepartmentDoc } from './departments.model.ts'
import { membersModel, type MemberDoc } from './members.model.ts'
import type { MemberView } from './read.ts'
import { holdsAll, subtreesOf } from './tree.ts'

/**
 * Whose work a member may see. A rep: their own. A manager: everybody in the departments they lead and below, who reports to them
 * directly, and themselves; one who leads no department has that of the departments they are in. All departments, or an admin: everything.
 * Former userids and members who have left stay in, since their customers do.
 */
export const createScopeOf = ({ mongo }: { mongo: Mongo }) => {
  const departments = departmentsModel(mongo.connection)
  const members = membersModel(mongo.connection)

  return async ({ userid, role, formerly, leads, departments: own }: MemberView): Promise<Scope> => {
    if (role === 'admin') return null
    const self = [userid, ...formerly]
    if (role === 'rep') return self
    const tree = await departments.find({}, { parentId: 1 }).lean<Pick<DepartmentDoc, '_id' | 'parentId'>[]>()
    const inside = subtreesOf(tree, leads.length > 0 ? leads : own)
    if (holdsAll(tree, inside)) return null
    const found = await members
      .find({ $or: [{ departments: { $in: [...inside] } }, { directLeaders: { $in: self } }] }, { formerly: 1 })
      .lean<Pick<MemberDoc, '_id' | 'formerly'>[]>()
    return [...new Set([...self, ...found.flatMap(({ _id, formerly: before }) => [_id, ...before])])]
  }
}

export type ScopeOf = ReturnType<typeof createScopeOf>
