import type { Model } from 'mongoose'
import type { NewTask } from './tasks.ts'
import type { TaskDoc } from './tasks.model.ts'

/** Tasks that come together are shown together. */
const gatherMs = 20_000
/** Known to the rep already: made by themselves, or told when it happened. Their card is the reminder. */
const known: ReadonlySet<TaskDoc['kind']> = new Set(['manual', 'win_back'])

/** When a new task comes to its rep as a card: when it is due, or at once. A mass message to confirm is WeCom's own to remind of. */
export const cardTimeOf = ({ kind, dueAt }: Pick<NewTask, 'kind' | 'dueAt'>, now: Date): { cardAt?: Date } => {
  if (kind === 'confirm_mass') return {}
  if (dueAt !== null && dueAt.getTime() > now.getTime()) return { cardAt: dueAt }
  return known.has(kind) ? {} : { cardAt: new Date(now.getTime() + gatherMs) }
}

/** Tasks that have ended: a card that stands in WeCom is to be changed, one that does not is not sent any more. */
export const endCards = async (
  model: Model<TaskDoc>,
  which: { _id: string } | { key: { $in: string[] } },
  now: Date,
): Promise<void> => {
  const ended = { ...which, state: { $ne: 'open' as const } }
  await model.updateMany({ ...ended, card: { $exists: true } }, { $set: { cardAt: now } })
  await model.updateMany({ ...ended, card: { $exists: false } }, { $unset: { cardAt: 1 } })
}
