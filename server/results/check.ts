import { because, type Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { eachOf } from '../platform/parallel.ts'
import type { Delivered, OpenMessage, OpenMessages } from '../outbox/read.ts'
import type { NewTask } from '../tasks/read.ts'
import type { GroupMessageResult, WecomRead } from '../wecom/types.ts'

const minute = 60_000
/** Soon after it was made, then slower: most reps confirm within minutes or not for hours. */
const delays = [5_000, 10_000, 20_000, 30_000, minute, 2 * minute, 5 * minute, 15 * minute, 30 * minute] as const
const slowest = 60 * minute
const atOnce = 5

const nextDelay = (checks: number): number => delays[checks] ?? slowest

export type ResultsDeps = {
  clock: Clock
  log: Log
  messages: OpenMessages
  read: Pick<WecomRead, 'groupMessageTasks' | 'groupMessageResults'>
  settleDelivery: (delivered: Delivered) => Promise<void>
  /** How many receivers of a message still wait. */
  waitingOf: (msgid: string) => Promise<number>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  createTask: (task: NewTask) => Promise<unknown>
  closeTasks: (keys: readonly string[], state: 'done' | 'dropped') => Promise<void>
}

type End = Exclude<GroupMessageResult['status'], 'not_sent'>
const ends: Readonly<
  Record<End, { delivery: Delivered['delivery']; code: 'send.delivered' | 'send.not_friend' | 'send.quota_used' }>
> = {
  sent: { delivery: 'delivered', code: 'send.delivered' },
  not_friend: { delivery: 'not_friend', code: 'send.not_friend' },
  quota_used: { delivery: 'quota_used', code: 'send.quota_used' },
}
const endings = ['sent', 'not_friend', 'quota_used'] as const satisfies End[]

/** Asks WeCom what became of mass messages, and writes it for each receiver. */
export const createCheck = (deps: ResultsDeps) => {
  const { clock, log, messages, read, settleDelivery, waitingOf, names, createTask, closeTasks } = deps
  const taskKey = (message: OpenMessage): string => `confirm_mass:${message.id}`

  const remind = async (message: OpenMessage, waiting: Because): Promise<void> => {
    if (message.channel !== 'mass' || message.checks > 0) return
    await createTask({
      key: taskKey(message),
      kind: 'confirm_mass',
      title: `在企业微信确认群发（${message.receivers} 人）：${message.preview.slice(0, 40)}`,
      userid: message.sender,
      customerIds: message.customerIds,
      dueAt: message.expiresAt,
      because: [waiting],
    })
  }

  /** Writes every end that stands in the list; answers how many still wait. */
  const settle = async (message: OpenMessage, rep: string): Promise<number> => {
    const rows = await read.groupMessageResults(message.id, message.sender)
    for (const status of endings) {
      const receivers = rows
        .filter((row) => row.status === status)
        .flatMap((row) => row.externalUserId ?? row.chatId ?? [])
      const { delivery, code } = ends[status]
      if (receivers.length > 0)
        await settleDelivery({ msgid: message.id, delivery, receivers, because: because(code, { rep }) })
    }
    return waitingOf(message.id)
  }

  const finish = async (message: OpenMessage, state: 'done' | 'dropped'): Promise<void> => {
    await closeTasks([taskKey(message)], state)
    await messages.close(message.id)
  }

  const one = async (message: OpenMessage): Promise<void> => {
    const tasks = await read.groupMessageTasks(message.id)
    const rep = (await names([message.sender])).get(message.sender) ?? message.sender
    const confirmed = tasks.some((task) => task.userid.toLowerCase() === message.sender.toLowerCase() && task.sent)
    if (confirmed && (await settle(message, rep)) === 0) return finish(message, 'done')
    if (message.expiresAt.getTime() <= clock.now()) {
      const reason = because('send.never_confirmed', { rep })
      await settleDelivery({ msgid: message.id, delivery: 'expired', receivers: null, because: reason })
      return finish(message, 'dropped')
    }
    if (!confirmed) await remind(message, because('send.awaiting_rep', { rep }))
    const nextAt = Math.min(
      clock.now() + nextDelay(message.checks),
      Math.max(message.expiresAt.getTime(), clock.now() + 1000),
    )
    await messages.look(message.id, new Date(nextAt))
  }

  /** 'results.check': one that cannot be asked about now is asked again later and does not hold up the others. */
  return async ({ messageIds }: { messageIds: readonly string[] }): Promise<void> => {
    await eachOf(await messages.get(messageIds), atOnce, async (message) => {
      try {
        await one(message)
      } catch (error) {
        log.warn({ err: error, message: message.id }, 'WeCom could not be asked about a mass message; again later')
        await messages.look(message.id, new Date(clock.now() + nextDelay(message.checks)))
      }
    })
  }
}
