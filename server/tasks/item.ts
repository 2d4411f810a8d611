import type { TaskDoc } from './tasks.model.ts'

/** A task as the room hands it out. */
export type TaskItem = Omit<TaskDoc, '_id' | 'key' | 'orderAt' | 'untold'> & { id: string }

export const itemOf = ({ _id, key: _key, orderAt: _orderAt, untold: _untold, ...rest }: TaskDoc): TaskItem => ({
  id: _id,
  ...rest,
})
