import { ownerPace } from '../outbox/read.ts'

const windowMs = ownerPace.minutes * 60_000

/**
 * When owners would be asked to confirm messages that are not wanted yet, as the outbox paces them: each owner a few at a time. Asked in the
 * order of time; the same message again keeps its turn.
 */
export const createPushQueue = () => {
  const queues = new Map<string, Map<string, number>>()
  return (owner: string, message: string, at: number): number => {
    const queue = queues.get(owner) ?? new Map<string, number>()
    queues.set(owner, queue)
    const had = queue.get(message)
    if (had !== undefined) return had
    const turns = [...queue.values()]
    const turn = Math.max(at, turns.at(-1) ?? 0, (turns.at(-ownerPace.most) ?? -windowMs) + windowMs)
    queue.set(message, turn)
    return turn
  }
}

export type PushQueue = ReturnType<typeof createPushQueue>
