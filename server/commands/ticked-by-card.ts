import type { Audit } from '../audit/audit.ts'
import type { Tasks } from '../tasks/read.ts'

type Deps = {
  tasks: Pick<Tasks, 'done'>
  audit: Audit
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** A rep ticks a task off by its card in WeCom. */
export const tickedByCard =
  ({ tasks, audit, names }: Deps) =>
  async (userid: string, taskId: string): Promise<void> => {
    await tasks.done(taskId)
    const name = (await names([userid])).get(userid) ?? userid
    await audit.record({
      actor: { kind: 'member', userid, name, role: 'rep', scope: [userid] },
      act: 'task.done',
      subject: `task:${taskId}`,
      detail: { userid, by: 'card' },
    })
  }
