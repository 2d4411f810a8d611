import { tasks as endpoints, type Task } from '@zhiyin/shared/api/tasks'
import { onTask } from '../commands/on-task.ts'
import { scopeOf } from '../platform/actor.ts'
import type { TaskItem, Tasks } from '../tasks/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof onTask>[0] & {
  tasks: Tasks
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** A task about many customers is shown with the one asked for, else with the first. */
const shown = ({ customerIds }: TaskItem, asked: string | undefined): string =>
  customerIds.find((id) => id === asked) ?? customerIds[0] ?? ''

export const tasksApi = ({ tasks, customerNames, ...deps }: Deps): Bound[] => {
  const act = onTask({ ...deps, tasks })
  const present = async (items: readonly TaskItem[], asked?: string): Promise<Task[]> => {
    const names = await customerNames([...new Set(items.map((item) => shown(item, asked)))])
    return items.map((item) => {
      const customerId = shown(item, asked)
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
  }
  const one = async (item: TaskItem): Promise<Task> => {
    const [task] = await present([item])
    if (task === undefined) throw new Error('presented nothing')
    return task
  }
  return [
    bind(endpoints.list, async ({ actor, query }) => {
      const { items, next } = await tasks.list({ ...query, scope: scopeOf(actor) })
      return { items: await present(items, query.customerId), next }
    }),
    bind(endpoints.create, async ({ actor, body: { key, customerId, title, dueAt } }) =>
      one(await act.create(actor, { key, customerId, title, dueAt: dueAt === undefined ? null : new Date(dueAt) })),
    ),
    bind(endpoints.done, async ({ actor, params }) => one(await act.done(actor, params.id))),
  ]
}
