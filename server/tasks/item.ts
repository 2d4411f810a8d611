import type { TaskDoc } from './tasks.model.ts'

/** A task as the room hands it out. */
export type TaskItem = Omit<TaskDoc, '_id' | 'key' | 'orderAt' | 'untold' | 'cardAt' | 'card' | 'round'> & {
  id: string
}

export const itemOf = ({
  _id,
  key: _key,
  orderAt: _orderAt,
  untold: _untold,
  cardAt: _cardAt,
  card: _card,
  round: _round,
  ...rest
}: TaskDoc): TaskItem => ({
  id: _id,
  ...rest,
})
