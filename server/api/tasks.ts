import { tasks as endpoints, type Task } from '@zhiyin/shared/api/tasks'
import { onTask } from '../commands/on-task.ts'
import { scopeOf, type SignedIn } from '../platform/actor.ts'
import type { Looking } from '../privacy/read.ts'
import type { TaskItem, Tasks } from '../tasks/read.ts'
import { bind, type Bound } from './bind.ts'
import type { Sees } from './seen.ts'

type Deps = Parameters<typeof onTask>[0] & {
  tasks: Tasks
  look: Pick<Looking, 'at'>
  sees: Sees
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** A task about many customers is shown with the one asked for, else with the first, of those who may be opened; with nobody where none may. */
const shown = ({ customerIds }: TaskItem, seen: ReadonlySet<string>, asked: string | undefined): string => {
  const open = customerIds.filter((id) => seen.has(id))
  return open.find((id) => id === asked) ?? open[0] ?? ''
}

export const tasksApi = ({ tasks, customerNames, look, sees, ...deps }: Deps): Bound[] => {
  const act = onTask({ ...deps, tasks })
  /** In clear for whose task it is, who holds the customer. */
  const opened = (actor: SignedIn, task: Task): Promise<Task> =>
    look.at(actor, { id: task.customerId, follows: [{ userid: task.userid, state: 'following' }] }, task)
  const present = async (actor: SignedIn, items: readonly TaskItem[], asked?: string): Promise<Task[]> => {
    const seen = await sees(actor, [...new Set(items.flatMap(({ customerIds }) => customerIds))])
    const names = await customerNames([...new Set(items.map((item) => shown(item, seen, asked)))])
    const told = items.map((item): Task => {
      const customerId = shown(item, seen, asked)
      return {
        id: item.id,
        kind: item.kind,
        title: item.title,
        userid: item.userid,
        customerId,
        customer: names.get(customerId) ?? '',
        state: item.state,
        dueAt: item.dueAt?.toISOString() ?? null,
        createdAt: item.createdAt.toISOString(),
        because: item.because,
      }
    })
    return Promise.all(told.map((task) => opened(actor, task)))
  }
  const one = async (actor: SignedIn, item: TaskItem): Promise<Task> => {
    const [task] = await present(actor, [item])
    if (task === undefined) throw new Error('presented nothing')
    return task
  }
  return [
    bind(endpoints.list, async ({ actor, query }) => {
      const { items, next } = await tasks.list({ ...query, scope: scopeOf(actor) })
      return { items: await present(actor, items, query.customerId), next }
    }),
    bind(endpoints.create, async ({ actor, body: { key, customerId, title, dueAt } }) =>
      one(
        actor,
        await act.create(actor, { key, customerId, title, dueAt: dueAt === undefined ? null : new Date(dueAt) }),
      ),
    ),
    bind(endpoints.done, async ({ actor, params }) => one(actor, await act.done(actor, params.id))),
  ]
}
