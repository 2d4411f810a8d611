import { createGather } from '../platform/gather.ts'
import type { InboxCollection } from './inbox.model.ts'

/** One handler that is done with a record, as the record stood when it began; a replay since then has a higher count. */
type Done = { readonly id: string; readonly name: string; readonly replays: number }

/** Marks handlers as done and gives records without pending handlers their end. Handlers that end together are marked together. */
export const createFinish = (inbox: InboxCollection) => {
  const open = (ids: readonly string[]) => ({
    _id: { $in: [...ids] },
    state: 'pending' as const,
    handlers: { $not: { $elemMatch: { state: 'pending' as const } } },
  })
  const ends = (ids: readonly string[]) => [
    {
      updateMany: {
        filter: { ...open(ids), 'handlers.state': 'dead' as const },
        update: { $set: { state: 'dead' as const } },
      },
    },
    { updateMany: { filter: open(ids), update: { $set: { state: 'settled' as const } } } },
  ]

  const mark = async (done: readonly Done[]): Promise<readonly void[]> => {
    const groups = new Map<string, Done[]>()
    for (const one of done) {
      const key = `${one.replays} ${one.name}`
      groups.set(key, [...(groups.get(key) ?? []), one])
    }
    await inbox.bulkWrite([
      ...[...groups.values()].flatMap((group) => {
        const [first] = group
        if (first === undefined) return []
        const filter = {
          _id: { $in: group.map(({ id }) => id) },
          replays: first.replays,
          'handlers.name': first.name,
        }
        const update = { $set: { 'handlers.$.state': 'done' as const, 'handlers.$.error': null } }
        return [{ updateMany: { filter, update } }]
      }),
      ...ends(done.map(({ id }) => id)),
    ])
    return done.map(() => undefined)
  }

  return {
    finish: createGather(mark, { most: 500, restMs: 20 }),
    close: async (ids: readonly string[]): Promise<void> => void (await inbox.bulkWrite(ends(ids))),
  }
}
