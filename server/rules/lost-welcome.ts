import type { Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { SendItem, SendsRead } from '../outbox/read.ts'
import { addressName } from '../content/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { CreateTasks, Views } from './types.ts'

const hourMs = 3_600_000
/** A greeting that comes much later is none. */
const dueMs = 2 * hourMs
const freshMs = 3 * 24 * hourMs

/** The code was over, used by another, or never came: by hand it still goes. Withdrawn consent or a rule that was switched off hold it back on purpose. */
const byHand: ReadonlySet<string> = new Set(['block.no_welcome_code', 'block.welcome_expired', 'block.welcome_taken'])
/** Whether the code was what failed, so that another code may do. */
export const isCodeLost = (reasons: readonly Because[]): boolean => reasons.some(({ code }) => byHand.has(code))

const taskKey = (runId: string): string => `welcome:${runId}`

type Deps = {
  views: Views
  clock: Clock
  sends: Pick<SendsRead, 'get' | 'list'>
  createTasks: CreateTasks
  closeTasks: (keys: readonly string[], state: 'done' | 'dropped') => Promise<void>
  /** Whether there is an open task with this key. */
  isTaskOpen: (key: string) => Promise<boolean>
}

/** What a rep is to do by hand where the welcome did not go out whole; null: nothing. */
const titleOf = (state: string, reasons: readonly Because[], name: string): string | null => {
  if (state === 'failed' || (state === 'blocked' && isCodeLost(reasons))) return `欢迎语没有自动发出，请手动发给${name}`
  const without = state === 'sent' && reasons.some(({ code }) => code === 'send.without_media')
  return without ? `欢迎语的附件没有发出，请手动补发给${name}` : null
}

/** Makes a welcome that did not reach the customer a task of the rep's, once for every add; a later welcome that did closes it. */
export const createLostWelcome = ({ views, clock, sends, createTasks, closeTasks, isTaskOpen }: Deps) => ({
  /** Safe to repeat: the task's key is the run. */
  async told(fact: Fact<'send.changed'>): Promise<void> {
    const { channel, state, because: reasons, intentId } = fact.payload
    if (channel !== 'welcome') return
    const send = await sends.get(intentId)
    const runId = send?.cause.runId ?? null
    if (send === null || runId === null || send.userid === null) return
    const [view] = await views([fact.customerId])
    const title = titleOf(state, reasons, addressName(view?.name ?? '') ?? '新客户')
    if (title === null) {
      if (state === 'sent') await closeTasks([taskKey(runId)], 'done')
      return
    }
    await createTasks([
      {
        key: taskKey(runId),
        kind: 'welcome_failed',
        title: title.slice(0, 100),
        userid: send.userid,
        customerIds: [fact.customerId],
        dueAt: new Date(fact.at.getTime() + dueMs),
        because: reasons,
      },
    ])
  },

  /** The rep has sent it by hand. */
  async said(intentId: string): Promise<void> {
    const send = await sends.get(intentId)
    if (send?.channel === 'welcome' && send.cause.runId !== null) await closeTasks([taskKey(send.cause.runId)], 'done')
  },

  /** The customer's last welcome, where a rep has still to make it good; null: there is nothing to do. */
  async open(customerId: string): Promise<SendItem | null> {
    const { items } = await sends.list({ scope: null, customerId, channel: 'welcome', limit: 1 })
    const [newest] = items
    const runId = newest?.cause.runId ?? null
    if (newest === undefined || runId === null || clock.now() - newest.createdAt.getTime() > freshMs) return null
    if (titleOf(newest.state, newest.because, '') === null) return null
    return (await isTaskOpen(taskKey(runId))) ? newest : null
  },
})

export type LostWelcome = ReturnType<typeof createLostWelcome>
