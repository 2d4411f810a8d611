import type { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { admin } from '../wecom/admin/api.ts'
import { chanceOf } from '../population/random.ts'
import { diligenceOf } from '../population/team.ts'
import { mayOpen } from './open.ts'
import { inParallel, minutesAt, type Scene } from './scene.ts'
import type { MassTask } from '../wecom/admin/contract.ts'

type Waiting = z.output<typeof MassTask>

/** WeCom's word for a receiver who got it. */
const received = 1
const atOnce = 4

const repsOf = ({ population }: Scene) => population.staff.teams.flatMap(({ reps }) => reps)

/** Some mass messages are never looked at, whoever the rep is. */
const isForgotten = ({ msgid }: Waiting): boolean => chanceOf('forgotten', msgid).is(0.07)

/** The last days' wait for the visitor, most of all 李娜's; nobody ever confirms everything. */
const confirms = ({ days, book }: Scene, rep: string, day: number, task: Waiting): boolean => {
  if (task.chat_type === 'group') return true
  const busy = day >= days - (rep === 'lina' ? 5 : 2)
  if (isForgotten(task) || busy) return false
  return chanceOf(book.pages.seed, 'confirm', rep, day, task.external_userids[0] ?? '').is(diligenceOf(rep))
}

/** A rep sends one waiting mass message; who received it may react. */
const confirm = async (scene: Scene, task: Waiting): Promise<void> => {
  const body = { userid: task.userid }
  const { results } = await scene.wecom.call(admin.customers.confirm, { params: { msgid: task.msgid }, body })
  if (task.chat_type === 'group') return
  const at = minutesAt(scene, await scene.wecom.now())
  const { pages } = scene.book
  for (const [external, result] of Object.entries(results)) {
    const person = result === received ? scene.cast.find(external) : undefined
    // Named by its day: WeCom's own ids differ from run to run.
    if (person === undefined) continue
    const message = `${Math.floor(at / 1440)}`
    pages.received.push({ person, message, at })
    const { attachments } = task
    await scene.attempt('open', () => mayOpen(scene, scene.population.person(person), message, attachments))
  }
}

const waitingOf = async ({ wecom }: Scene, rep: string): Promise<Waiting[]> =>
  (await wecom.call(admin.customers.tasks, { query: { userid: rep } })).filter(({ status }) => status === 'waiting')

/** The reps open their 群发助手 in the evening. */
export const confirmAll = (scene: Scene, day: number): Promise<void> =>
  inParallel(repsOf(scene), atOnce, async ({ userid }) => {
    for (const task of await waitingOf(scene, userid))
      if (confirms(scene, userid, day, task)) await scene.attempt('confirm', () => confirm(scene, task))
  })

/** One mass message of a rep other than 李娜 is sent. */
export const confirmOne = async (scene: Scene): Promise<void> => {
  for (const rep of ['chenli', 'zhouke']) {
    const [task] = await waitingOf(scene, rep)
    if (task !== undefined) return confirm(scene, task)
  }
}

/** The reps tick off what they have done; the last days' tasks stay open. */
export const tickTasks = async (scene: Scene, day: number): Promise<void> => {
  const { wecom, product, days, book } = scene
  if (day >= days - 4) return
  const now = await wecom.now()
  const own = new Set(repsOf(scene).map(({ userid }) => userid))
  const { items } = await product.call(api.tasks.list, { query: { limit: 100 } })
  await inParallel(items, atOnce, async (task) => {
    if (task.kind !== 'rule' || !own.has(task.userid)) return
    if (!chanceOf(book.pages.seed, 'tick', task.customerId, day).is(0.5)) return
    const call = await product.as(task.userid, now)
    await scene.attempt('task', async () => void (await call(api.tasks.done, { params: { id: task.id } })))
  })
}
