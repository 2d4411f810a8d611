import type { z } from 'zod'
import type { World } from '../world.ts'
import type { MassTask } from './contract.ts'

/** The mass messages in a member's 群发助手 (everybody's without one), newest first. */
export function tasksOf(world: World, userid: string | undefined): z.infer<typeof MassTask>[] {
  const tasks = [...world.store.tasks.values()].filter((task) => userid === undefined || task.userid === userid)
  return tasks.toReversed().flatMap((task) => {
    const mass = world.store.mass.get(task.msgid)
    if (!mass) return []
    const single = mass.chat_type === 'single'
    return [
      {
        msgid: mass.msgid,
        userid: task.userid,
        chat_type: mass.chat_type,
        text: mass.text,
        attachments: mass.attachments,
        external_userids: single ? task.targets : [],
        chat_ids: single ? [] : task.targets,
        status: task.status,
        create_time: mass.create_time,
        allow_select: mass.allow_select,
      },
    ]
  })
}
