import { Schema, type Connection } from 'mongoose'

/** A department (部门) as the app sees it. Who leads it stands with the members. */
export type DepartmentDoc = {
  _id: number
  name: string
  /** 0, or a department the app does not see, for the topmost ones. */
  parentId: number
  order: number
}

const schema = new Schema<DepartmentDoc>(
  {
    _id: { type: Number, required: true },
    name: { type: String, required: true },
    parentId: { type: Number, required: true },
    order: { type: Number, required: true },
  },
  { collection: 'departments', versionKey: false },
)

export const departmentsModel = (connection: Connection) => connection.model('Department', schema)
