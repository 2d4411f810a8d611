import type { RunDoc } from './runs.model.ts'

/** A step that has not been heard of for so long belongs to a process that died. */
export const leaseMs = 60_000
/** No step waits for longer. */
const mostWaitMs = 86_400_000

/**
 * Whether a run's next step may be made: it is its time, and nobody is at it. What lies further ahead than anything is put was set by a
 * clock that has been put back since, and would hold the run up, and every later one, until then.
 */
export const isDue = ({ nextAt, lease }: Pick<RunDoc, 'nextAt' | 'lease'>, now: number): boolean => {
  const passed = (moment: Date, mostMs: number): boolean => moment.getTime() <= now || moment.getTime() > now + mostMs
  return (nextAt === undefined || passed(nextAt, mostWaitMs)) && (lease === null || passed(lease.until, leaseMs))
}
