import { AppError } from '../platform/errors.ts'
import { quietUntil } from '@zhiyin/shared/calendar'
import type { OpenMessage } from '../outbox/read.ts'
import { wecomOf } from '../wecom/types.ts'
import type { ResultsDeps } from './check.ts'

const hour = 3_600_000
const day = 24 * hour
/** WeCom takes three reminders of a message in 24 hours (limits.md §3). */
const perDay = 3
/** Refused all the same, by reminders made elsewhere. */
const LIMIT = 41094

type Deps = Pick<ResultsDeps, 'clock' | 'log' | 'zone' | 'messages' | 'setup' | 'limits'>

/** Reminders of members who have not confirmed a mass message: by themselves after the time set, and when a manager asks. */
export const createRemind = ({ clock, log, zone, messages, setup, limits }: Deps) => {
  /** When WeCom takes the next reminder; in the past: now. */
  const freeAt = (made: readonly Date[]): Date => {
    const oldest = made.at(-perDay)
    return oldest === undefined ? new Date(0) : new Date(oldest.getTime() + day)
  }

  /** Written down first, so that no crash makes it twice; taken back where WeCom certainly did not do it. */
  const make = async ({ id, reminders = [] }: OpenMessage): Promise<'made' | 'limit' | 'elsewhere'> => {
    const at = clock.date()
    if (!(await messages.remind(id, reminders, at))) return 'elsewhere'
    try {
      await setup.remindMassMessage(id)
      return 'made'
    } catch (error) {
      const told = wecomOf(error)
      if (told?.kind === 'ambiguous') return 'made'
      if (told?.errcode === LIMIT) return 'limit'
      await messages.unremind(id, reminders, at)
      throw error
    }
  }

  return {
    /** Reminds where it is time, outside the quiet hours, for a rep may send at once; answers when it is time again, null: never. */
    async ifDue(message: OpenMessage): Promise<Date | null> {
      const { reminders: set, quietHours } = await limits()
      const made = message.reminders ?? []
      if (made.length >= set.times) return null
      const last = made.at(-1) ?? message.createdAt
      const due = Math.max(last.getTime() + set.afterHours * hour, freeAt(made).getTime())
      const now = clock.date()
      if (due > now.getTime()) return new Date(due)
      const until = quietUntil(now, quietHours, zone)
      if (until !== null) return until
      try {
        await make(message)
      } catch (error) {
        log.warn({ err: error, message: message.id }, 'a reminder did not go out; again at the next look')
        return null
      }
      return made.length + 1 < set.times ? new Date(now.getTime() + set.afterHours * hour) : null
    },

    /** A manager asks. Throws mass.not_waiting when it is not waiting any more, mass.remind_limit with the time of the next one. */
    async now(message: OpenMessage | undefined): Promise<void> {
      if (message === undefined || message.confirmedAt !== undefined)
        throw new AppError('mass.not_waiting', { status: 409 })
      const free = freeAt(message.reminders ?? []).getTime()
      if (free > clock.now()) throw new AppError('mass.remind_limit', { status: 409, params: { at: free } })
      if ((await make(message)) === 'limit')
        throw new AppError('mass.remind_limit', { status: 409, params: { at: clock.now() + day } })
    },
  }
}

export type Remind = ReturnType<typeof createRemind>
