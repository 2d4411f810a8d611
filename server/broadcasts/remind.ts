import { AppError } from '../platform/errors.ts'
import type { OpenMessages } from '../outbox/read.ts'

/** Reminds the sender of one mass message. Throws mass.not_waiting or mass.remind_limit. */
export type RemindOne = (msgid: string) => Promise<void>

type Deps = { ofBroadcast: OpenMessages['ofBroadcast']; remind: RemindOne }

/** Reminds everybody (or one) who has not confirmed a broadcast; who was reminded too often today is counted apart. */
export const createRemindAll =
  ({ ofBroadcast, remind }: Deps) =>
  async (broadcastId: string, userid?: string): Promise<{ reminded: number; tooSoon: number }> => {
    const waiting = (await ofBroadcast(broadcastId)).filter(
      ({ sender, confirmedAt, end }) =>
        confirmedAt === undefined && end === undefined && (userid === undefined || sender === userid),
    )
    let reminded = 0
    let tooSoon = 0
    for (const { id } of waiting) {
      try {
        await remind(id)
        reminded += 1
      } catch (error) {
        const code = error instanceof AppError ? error.code : null
        if (code === 'mass.remind_limit') tooSoon += 1
        else if (code !== 'mass.not_waiting') throw error
      }
    }
    return { reminded, tooSoon }
  }
