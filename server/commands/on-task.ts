import type { Audit } from '../audit/audit.ts'
import { scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { AppError, forbidden } from '../platform/errors.ts'
import type { CustomerView } from '../profile/read.ts'
import type { TaskItem, Tasks } from '../tasks/read.ts'
import { ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Deps = Pick<OnCustomerDeps, 'read'> & { tasks: Pick<Tasks, 'create' | 'done' | 'get'>; audit: Audit }

/** Whose task it becomes: the rep's own; one made by a script goes to the rep who holds the customer. */
const ownerOf = (actor: SignedIn, view: CustomerView): string => {
  if (actor.kind === 'member') return actor.userid
  const holder = view.follows.find(({ state }) => state === 'following')
  if (holder === undefined)
    throw new AppError('request.invalid', { params: { field: 'customerId', problem: 'no rep follows this customer' } })
  return holder.userid
}

/** A person makes a task for a customer they follow, or ticks one of theirs off. */
export const onTask = ({ read, tasks, audit }: Deps) => ({
  async create(
    actor: SignedIn,
    input: { key: string; customerId: string; title: string; dueAt: Date | null },
  ): Promise<TaskItem> {
    const view = await ownCustomer(read, actor, input.customerId)
    const { key, title, dueAt, customerId } = input
    const userid = ownerOf(actor, view)
    const task = await tasks.create({
      key: `manual:${userid}:${key}`,
      kind: 'manual',
      title,
      userid,
      customerIds: [customerId],
      dueAt,
      because: [],
    })
    await audit.record({ actor, act: 'task.create', subject: `task:${task.id}`, detail: { customerId, userid } })
    return task
  },
  async done(actor: SignedIn, id: string): Promise<TaskItem> {
    const { userid } = await tasks.get(id)
    if (!within(scopeOf(actor), userid)) throw forbidden('manager')
    const task = await tasks.done(id)
    await audit.record({ actor, act: 'task.done', subject: `task:${id}`, detail: { userid } })
    return task
  },
})
