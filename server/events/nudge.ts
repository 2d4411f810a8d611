import type { ClientSession } from 'mongoose'
import type { Enqueue } from '../flow/jobs.ts'
import type { Log } from '../platform/log.ts'

const perJob = 100

/**
 * Nudges 'facts.deliver', 100 customers a job. With a session it waits until that has ended, so that nobody looks before the
 * commit; after an abort the nudge finds nothing, which is harmless.
 */
export const createNudge = (enqueue: Enqueue, log: Log) => {
  const waiting = new WeakMap<ClientSession, Set<string>>()

  const send = async (customerIds: readonly string[]): Promise<void> => {
    for (let from = 0; from < customerIds.length; from += perJob)
      await enqueue('facts.deliver', { customerIds: customerIds.slice(from, from + perJob) })
  }

  return async (customerIds: readonly string[], session?: ClientSession): Promise<void> => {
    if (session === undefined) return send([...new Set(customerIds)])
    const known = waiting.get(session)
    const collected = known ?? new Set<string>()
    for (const id of customerIds) collected.add(id)
    if (known !== undefined) return
    waiting.set(session, collected)
    session.once('ended', () => {
      send([...collected]).catch((error: unknown) => log.warn({ err: error }, 'not nudged; the sweep will'))
    })
  }
}
