import { because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Deliveries, OpenMessage, OpenMessages } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import { cutSealed } from '../platform/vault.ts'
import type { Log } from '../platform/log.ts'
import { eachOf } from '../platform/parallel.ts'
import type { NewTask } from '../tasks/read.ts'
import { wecomOf, type WecomRead, type WecomSetup } from '../wecom/types.ts'
import { createRemind } from './remind.ts'
import { createRows } from './rows.ts'

const minute = 60_000
/** Soon after it was made, then slower: most reps confirm within minutes or not for hours. */
const delays = [5_000, 10_000, 20_000, 30_000, minute, 2 * minute, 5 * minute, 15 * minute, 30 * minute] as const
const slowest = 60 * minute
const atOnce = 5
/** WeCom is still handing the message out (41063): 1–5 minutes (errors.md). */
const DISPATCHING = 41063
/** WeCom does not know the message (any more). */
const UNKNOWN = 41047

const nextDelay = (checks: number): number => delays[checks] ?? slowest

export type ResultsDeps = {
  clock: Clock
  log: Log
  /** The company's time zone. */
  zone: string
  messages: OpenMessages
  read: Pick<WecomRead, 'groupMessageTasks' | 'groupMessageResults'>
  setup: Pick<WecomSetup, 'remindMassMessage' | 'cancelMassMessage'>
  deliveries: Deliveries
  limits: () => Promise<SendLimits>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  createTask: (task: NewTask) => Promise<unknown>
  closeTasks: (keys: readonly string[], state: 'done' | 'dropped') => Promise<void>
}

/** Asks WeCom what became of mass messages, writes it for each receiver, reminds who has not confirmed, and takes back what is over. */
export const createCheck = (deps: ResultsDeps) => {
  const { clock, log, messages, read, setup, deliveries, names, createTask, closeTasks } = deps
  const settleRows = createRows(deps)
  const remind = createRemind(deps)
  const taskKey = (message: OpenMessage): string => `confirm_mass:${message.id}`

  const askRep = async (message: OpenMessage, rep: string): Promise<void> => {
    if (message.checks > 0) return
    const of = message.channel === 'mass' ? `${message.receivers} 人` : `${message.receivers} 个客户群`
    await createTask({
      key: taskKey(message),
      kind: 'confirm_mass',
      title: `在企业微信确认群发（${of}）：${cutSealed(message.preview, 40)}`,
      userid: message.sender,
      customerIds: message.customerIds,
      dueAt: message.expiresAt,
      because: [because('send.awaiting_rep', { rep })],
    })
  }

  const finish = async (message: OpenMessage, end: 'confirmed' | 'expired' | 'cancelled'): Promise<void> => {
    await closeTasks([taskKey(message)], end === 'confirmed' ? 'done' : 'dropped')
    await messages.close(message.id, end)
  }

  const isOver = ({ expiresAt }: OpenMessage): boolean => expiresAt.getTime() <= clock.now()

  /** Whether the sender has pressed send; once known it stays known. */
  const confirmed = async (message: OpenMessage): Promise<boolean> => {
    const tasks = await read.groupMessageTasks(message.id)
    const mine = tasks.find(({ userid, sent }) => sent && userid.toLowerCase() === message.sender.toLowerCase())
    if (mine === undefined) return false
    await messages.confirmed(message.id, mine.sentAt ?? clock.date())
    return true
  }

  /**
   * Stops the message in WeCom, so that it cannot go out late. Whoever pressed send before that has sent it, so the result is read
   * once more before the others end, or go out again in time without those who must not get it.
   */
  const takeBack = async (message: OpenMessage, rep: string): Promise<void> => {
    await messages.stopping(message.id)
    await setup.cancelMassMessage(message.id)
    const sent = await confirmed(message)
    if (sent) await settleRows(message, rep)
    const { all, wanted } = await deliveries.waiting(message.id)
    await deliveries.takeBack(message.id)
    if (!sent && !isOver(message)) {
      await deliveries.again(message.id)
      return finish(message, 'cancelled')
    }
    const reason = because(sent ? 'send.not_sent' : 'send.never_confirmed', { rep })
    if (wanted > 0)
      await deliveries.settle({ msgid: message.id, delivery: 'expired', receivers: null, because: reason })
    if (sent && all === 0) return finish(message, 'confirmed')
    await finish(message, wanted > 0 ? 'expired' : 'cancelled')
  }

  const one = async (message: OpenMessage): Promise<void> => {
    const rep = (await names([message.sender])).get(message.sender) ?? message.sender
    const sent = await confirmed(message)
    if (sent) await settleRows(message, rep)
    const waiting = await deliveries.waiting(message.id)
    if (sent && waiting.all === 0) return finish(message, 'confirmed')
    const unwanted = waiting.all > 0 && (waiting.wanted === 0 || waiting.forbidden > 0)
    if (isOver(message) || message.stopping === true || (unwanted && !sent)) return takeBack(message, rep)
    if (waiting.wanted < waiting.all) await deliveries.keepShared(message.id)
    const remindAt = sent ? null : await remind.ifDue(message)
    if (!sent) await askRep(message, rep)
    const soonest = Math.min(
      clock.now() + nextDelay(message.checks),
      message.expiresAt.getTime(),
      remindAt?.getTime() ?? Infinity,
    )
    await messages.look(message.id, new Date(Math.max(soonest, clock.now() + 1000)))
  }

  /** WeCom has forgotten the message; what is known of it stays, the rest cannot be known. */
  const forgotten = async (message: OpenMessage): Promise<void> => {
    await deliveries.takeBack(message.id)
    const reason = because('send.forgotten')
    await deliveries.settle({ msgid: message.id, delivery: 'expired', receivers: null, because: reason })
    await finish(message, 'expired')
  }

  /** 'results.check': one that cannot be asked about now is asked again later and does not hold up the others. */
  return async ({ messageIds }: { messageIds: readonly string[] }): Promise<void> => {
    await eachOf(await messages.get(messageIds), atOnce, async (message) => {
      try {
        await one(message)
      } catch (error) {
        const errcode = wecomOf(error)?.errcode
        if (errcode === UNKNOWN) return forgotten(message)
        if (errcode !== DISPATCHING)
          log.warn({ err: error, message: message.id }, 'WeCom could not be asked about a mass message; again later')
        const delay = errcode === DISPATCHING ? minute : nextDelay(message.checks)
        await messages.look(message.id, new Date(clock.now() + delay))
      }
    })
  }
}
