import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { diligence, isRep, reps, type Rep } from './company/team.ts'
import { chanceOf } from './random.ts'
import type { Scene } from './scene.ts'
import type { MassTask } from '../wecom/admin/contract.ts'

type Waiting = z.output<typeof MassTask>

const Confirmed = z.object({ results: z.record(z.string(), z.int()) })
/** WeCom's word for a receiver who got it. */
const received = 1

/** Some mass messages are never looked at, whoever the rep is. */
const isForgotten = ({ msgid }: Waiting): boolean => chanceOf('forgotten', msgid).is(0.07)

/** The last days' wait for the visitor, most of all 李娜's; nobody ever confirms everything. */
const confirms = ({ days, book }: Scene, rep: Rep, day: number, task: Waiting): boolean => {
  if (task.chat_type === 'group') return true
  const busy = day >= days - (rep === 'lina' ? 5 : 2)
  if (isForgotten(task) || busy) return false
  return chanceOf(book.pages.seed, 'confirm', rep, day, task.external_userids[0] ?? '').is(diligence[rep])
}

/** A rep sends one waiting mass message; who received it may come back. */
const confirm = async (scene: Scene, task: Waiting, day: number): Promise<void> => {
  const body = { userid: task.userid }
  const { results } = await scene.wecom.act(`tasks/${task.msgid}/confirm`, body, Confirmed)
  if (task.chat_type === 'group') return
  const { people, recalls } = scene.book.pages
  for (const person of scene.people) {
    const external = people[person.account]?.external
    if (external !== undefined && results[external] === received) recalls.push({ person: person.index, day })
  }
}

const waitingOf = async ({ wecom }: Scene, rep: string): Promise<Waiting[]> =>
  (await wecom.tasks(rep)).filter(({ status }) => status === 'waiting')

/** The reps open their 群发助手 in the evening. */
export const confirmAll = async (scene: Scene, day: number): Promise<void> => {
  for (const { userid } of reps)
    for (const task of await waitingOf(scene, userid))
      if (confirms(scene, userid, day, task)) await scene.attempt('confirm', () => confirm(scene, task, day))
}

/** One mass message of a rep other than 李娜 is sent. */
export const confirmOne = async (scene: Scene): Promise<void> => {
  for (const rep of ['chenli', 'zhouke']) {
    const [task] = await waitingOf(scene, rep)
    if (task !== undefined) return confirm(scene, task, scene.days)
  }
}

/** The reps tick off what they have done; the last days' tasks stay open. */
export const tickTasks = async (scene: Scene, day: number): Promise<void> => {
  const { wecom, product, days, book } = scene
  if (day % 2 === 1 || day >= days - 4) return
  const now = await wecom.now()
  const { items } = await product.call(api.tasks.list, { query: { limit: 100 } })
  for (const task of items) {
    if (task.kind !== 'rule' || !isRep(task.userid)) continue
    if (!chanceOf(book.pages.seed, 'tick', task.customerId, day).is(0.5)) continue
    const call = await product.as(task.userid, now)
    await scene.attempt('task', async () => void (await call(api.tasks.done, { params: { id: task.id } })))
  }
}
