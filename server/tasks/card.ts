import { say } from '@zhiyin/shared/because'
import { cutBytes } from '@zhiyin/shared/bytes'
import type { Card } from '@zhiyin/shared/card'
import { zonedTime } from '@zhiyin/shared/zone'
import type { TaskDoc } from './tasks.model.ts'

/** Buttons a rep may press; what they do stands in cards.ts. */
export const cardKeys = { done: 'task.done', later: 'task.later' } as const

/** WeCom asks for an id that is unique in the app: the task and how often it was shown. */
export const cardIdOf = (taskId: string, round: number): string => `${taskId}@${round}`
/** The task and the round of a card; null when it is no card of a task. */
export const taskOfCard = (cardId: string): { taskId: string; round: number } | null => {
  const [, taskId, round] = /^(tsk_\w+)@(\d+)$/.exec(cardId) ?? []
  return taskId === undefined ? null : { taskId, round: Number(round) }
}

type Shown = Pick<TaskDoc, '_id' | 'title' | 'dueAt' | 'because'>
type About = {
  /** Empty where the task is about nobody known. */
  customer: string
  /** The customer's page of the console. */
  url: string
  zone: string
}

/** What fits on a card without being cut by the client. */
const titleBytes = 78
const lineBytes = 90

const dayAndTime = (at: Date, zone: string): string => {
  const { date, clock } = zonedTime(at, zone)
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8))}日 ${clock}`
}

const common = ({ title, dueAt, because }: Shown, { customer, url, zone }: About) => {
  const [why] = because
  const lines = [
    { keyname: '客户', value: customer },
    { keyname: '到期', value: dueAt === null ? '' : dayAndTime(dueAt, zone) },
    { keyname: '原因', value: why === undefined ? '' : cutBytes(say(why, 'zh', zone), lineBytes) },
  ].filter(({ value }) => value !== '')
  return {
    source: { desc: '知音 · 待办' },
    main_title: { title: cutBytes(title, titleBytes) },
    ...(lines.length > 0 ? { horizontal_content_list: lines } : {}),
    card_action: { type: 1, url },
  }
}

/** A task as a card: open the customer, tick it off, or be reminded later. */
export const askingCard = (task: Shown, about: About, round: number): Card => ({
  card_type: 'button_interaction',
  ...common(task, about),
  task_id: cardIdOf(task._id, round),
  button_list: [
    { type: 1, text: '去处理', style: 1, url: about.url },
    { type: 0, text: '已完成', style: 1, key: cardKeys.done },
    { type: 0, text: '稍后', style: 2, key: cardKeys.later },
  ],
})

/** What a card shows once it needs no answer: what became of the task. */
export const answeredCard = (
  task: Shown & Pick<TaskDoc, 'state' | 'closedAt' | 'userid'>,
  about: About,
  receiver: string,
): Card => {
  const { state, closedAt, dueAt, userid } = task
  const ends = {
    done: '已完成',
    dropped: '已取消',
    open: dueAt === null ? '已推迟' : `已推迟到 ${dayAndTime(dueAt, about.zone)}`,
  }
  const moved = userid.toLowerCase() !== receiver.toLowerCase()
  const when = state === 'open' || closedAt === null ? '' : ` · ${dayAndTime(closedAt, about.zone)}`
  return {
    card_type: 'text_notice',
    ...common(task, about),
    sub_title_text: moved ? '已交给其他顾问' : `${ends[state]}${when}`,
  }
}
