import type { Client } from '@zhiyin/shared/api/client'
import { tasks, type Task } from '@zhiyin/shared/api/tasks'
import { computed, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { newKey } from '../platform/key.ts'
import { provided } from '../platform/provided.ts'
import { messageOf } from '../platform/useAction.ts'
import { usePolling } from '../platform/usePolling.ts'

export type Tasks = {
  /** null until the first answer. */
  readonly open: Readonly<ShallowRef<readonly Task[] | null>>
  readonly count: ComputedRef<number>
  readonly error: Readonly<ShallowRef<string | null>>
  readonly load: () => Promise<boolean>
  readonly tick: (task: Task) => Promise<void>
  readonly remind: (reminder: { customerId: string; title: string; dueAt: number }) => Promise<void>
}

type TasksOptions = {
  call: Client['call']
  /** Nobody is signed in or nothing is looked at. */
  paused: MaybeRefOrGetter<boolean>
}

const every = 15_000
const limit = 200

/** The rep's own open tasks, soonest due first. */
export const useTasks = ({ call, paused }: TasksOptions): Tasks => {
  const open = shallowRef<readonly Task[] | null>(null)
  const error = shallowRef<string | null>(null)

  const load = async (): Promise<boolean> => {
    try {
      const { items } = await call(tasks.list, { query: { state: 'open', limit } })
      if (JSON.stringify(items) !== JSON.stringify(open.value)) open.value = items
      error.value = null
      return true
    } catch (cause) {
      error.value = messageOf(cause)
      return false
    }
  }
  const polling = usePolling({ every: () => (toValue(paused) ? null : every), round: load })
  watch(
    () => toValue(paused),
    (isPaused) => {
      if (!isPaused) void load().then(polling.poke)
    },
    { immediate: true },
  )

  const tick = async (task: Task): Promise<void> => {
    await call(tasks.done, { params: { id: task.id } })
    open.value = open.value?.filter((each) => each.id !== task.id) ?? null
    await load()
  }

  const remind: Tasks['remind'] = async ({ customerId, title, dueAt }) => {
    const body = { key: newKey(), customerId, title: title.slice(0, 100), dueAt: new Date(dueAt).toISOString() }
    await call(tasks.create, { body })
    await load()
  }

  return { open, count: computed(() => open.value?.length ?? 0), error, load, tick, remind }
}

export const tasksOf = provided<Tasks>('tasks')
