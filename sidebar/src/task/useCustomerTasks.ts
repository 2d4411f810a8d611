import type { Client } from '@zhiyin/shared/api/client'
import { tasks, type Task } from '@zhiyin/shared/api/tasks'
import { shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'

type CustomerTasksOptions = {
  call: Client['call']
  customerId: MaybeRefOrGetter<string>
  /** All open tasks of the rep; the customer's are asked for anew whenever these change. */
  open: Readonly<ShallowRef<readonly Task[] | null>>
}

/**
 * The open tasks about one customer. The server is asked, for a mass message to confirm is about many customers
 * and stands in the rep's list only once. When it does not answer, the rep's own list is searched.
 */
export const useCustomerTasks = ({
  call,
  customerId,
  open,
}: CustomerTasksOptions): Readonly<ShallowRef<readonly Task[]>> => {
  const found = shallowRef<readonly Task[]>([])
  let turn = 0
  const load = async (id: string): Promise<void> => {
    const mine = (turn += 1)
    const known = (): readonly Task[] => open.value?.filter((task) => task.customerId === id) ?? []
    const items = await call(tasks.list, { query: { customerId: id } }).then((answer) => answer.items, known)
    if (mine === turn) found.value = items
  }
  watch([() => toValue(customerId), open], ([id]) => void load(id), { immediate: true })
  watch(
    () => toValue(customerId),
    () => (found.value = []),
    { flush: 'sync' },
  )
  return found
}
