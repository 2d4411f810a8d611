import type { Mongo } from '../platform/mongo.ts'
import type { WecomDepartment, WecomRead } from '../wecom/types.ts'
import type { Access } from './access.ts'
import { departmentsModel } from './departments.model.ts'
import { membersModel } from './members.model.ts'
import { followLeads } from './roles.ts'

export type Departments = {
  /** Reads all departments from WeCom, keeps them, and answers them. */
  sync: () => Promise<WecomDepartment[]>
  /** Reads one again; one that is not there any more, or not for us, is forgotten. */
  refresh: (id: number) => Promise<void>
  remove: (id: number) => Promise<void>
}

type Deps = { mongo: Mongo; wecom: Pick<WecomRead, 'departments' | 'department'>; access: Pick<Access, 'changed'> }

/** The departments of the corp: their tree, and who leads them. */
export const createDepartments = ({ mongo, wecom, access }: Deps): Departments => {
  const model = departmentsModel(mongo.connection)
  const members = membersModel(mongo.connection)

  const save = async (departments: readonly WecomDepartment[]): Promise<void> => {
    if (departments.length === 0) return
    await model.bulkWrite(
      departments.map(({ id, name, parentId, order }) => ({
        updateOne: { filter: { _id: id }, update: { $set: { name, parentId, order } }, upsert: true },
      })),
      { ordered: false },
    )
    // Members who are not known yet bring what they lead themselves.
    await members.bulkWrite(
      departments.flatMap(({ id, leaders }) => [
        { updateMany: { filter: { leads: id, _id: { $nin: leaders } }, update: { $pull: { leads: id } } } },
        { updateMany: { filter: { _id: { $in: leaders } }, update: { $addToSet: { leads: id } } } },
      ]),
    )
    await followLeads(members)
  }
  const remove = async (id: number): Promise<void> => {
    await model.deleteOne({ _id: id })
    await members.updateMany({ leads: id }, { $pull: { leads: id } })
    await access.changed()
  }

  return {
    remove,
    sync: async () => {
      const departments = await wecom.departments()
      await save(departments)
      await model.deleteMany({ _id: { $nin: departments.map(({ id }) => id) } })
      await access.changed()
      return departments
    },
    refresh: async (id) => {
      const found = await wecom.department(id)
      if (found === null) return remove(id)
      await save([found])
      await access.changed()
    },
  }
}
