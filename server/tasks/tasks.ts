import type { Because } from '@zhiyin/shared/because'
import type { NewFact } from '@zhiyin/shared/fact'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { cardTimeOf, endCards } from './card-times.ts'
import { createTasksHandOver, type MoveWork } from './hand-over.ts'
import { itemOf, type TaskItem } from './item.ts'
import { listTasks, type TaskPage, type TaskQuery } from './list.ts'
import { taskModel, type TaskDoc } from './tasks.model.ts'

export type NewTask = {
  key: string
  kind: TaskDoc['kind']
  title: string
  userid: string
  customerIds: readonly string[]
  dueAt: Date | null
  because: readonly Because[]
}

export type Tasks = {
  /** Idempotent by key; answers the tasks in the order given, new or already there. */
  createMany(tasks: readonly NewTask[]): Promise<TaskItem[]>
  create(task: NewTask): Promise<TaskItem>
  /** Throws not_found. */
  get(id: string): Promise<TaskItem>
  list(query: TaskQuery): Promise<TaskPage>
  /** Ticks it off; a closed one stays as it is. Throws not_found. */
  done(id: string): Promise<TaskItem>
  /** Closes by key what has settled itself; unknown keys are passed over. */
  close(keys: readonly string[], state: 'done' | 'dropped'): Promise<void>
  /** Whether there is an open task with this key. */
  isOpen(key: string): Promise<boolean>
  /** Open tasks about these customers go from one member to another. */
  handOver: MoveWork
  sweep: Sweep
  backlog: BacklogOf
}

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  appendFacts: (facts: NewFact[]) => Promise<void>
  /** Seals what looks personal in a title; without it titles stay as they are. */
  sealText?: (text: string) => string
}

const never = new Date('9999-12-31T00:00:00Z')
/** A mass message may have 10,000 receivers; the task names the first ones only. */
const maxCustomers = 500

/** The facts a task leaves in its customer's timeline; a task about many customers (a mass message) leaves none. */
const factsOf = (task: TaskDoc): NewFact[] => {
  const [customerId] = task.customerIds
  if (task.kind === 'confirm_mass' || customerId === undefined) return []
  const about = { taskId: task._id, title: task.title, userid: task.userid }
  const created: NewFact = {
    id: `task.created:${task._id}`,
    customerId,
    type: 'task.created',
    at: task.createdAt,
    source: task.kind === 'rule' ? 'rule' : 'rep',
    payload: { ...about, ...(task.dueAt === null ? {} : { dueAt: task.dueAt.toISOString() }) },
  }
  if (task.state !== 'done') return [created]
  const at = task.closedAt ?? task.createdAt
  return [created, { id: `task.done:${task._id}`, customerId, type: 'task.done', at, source: 'rep', payload: about }]
}

/** Things for reps to do. Facts are appended after the write; a crash between the two is made good by the sweep. */
export const createTasks = ({ mongo, clock, newId, appendFacts, sealText = (text) => text }: Deps): Tasks => {
  const model = taskModel(mongo.connection)

  const tell = async (tasks: readonly TaskDoc[]): Promise<void> => {
    const untold = tasks.filter((task) => task.untold)
    if (untold.length === 0) return
    await appendFacts(untold.flatMap(factsOf))
    await model.bulkWrite(
      untold.map(({ _id, state }) => ({
        updateOne: { filter: { _id, state }, update: { $set: { untold: false } } },
      })),
      { ordered: false },
    )
  }

  const createMany = async (tasks: readonly NewTask[]): Promise<TaskItem[]> => {
    if (tasks.length === 0) return []
    const createdAt = clock.date()
    const docs = tasks.map((task) => ({
      ...task,
      title: sealText(task.title),
      _id: newId('task'),
      customerIds: task.customerIds.slice(0, maxCustomers),
      because: [...task.because],
      state: 'open' as const,
      orderAt: task.dueAt ?? never,
      createdAt,
      closedAt: null,
      untold: task.kind !== 'confirm_mass',
      ...cardTimeOf(task, createdAt),
    }))
    await model.bulkWrite(
      docs.map((doc) => ({ updateOne: { filter: { key: doc.key }, update: { $setOnInsert: doc }, upsert: true } })),
      { ordered: false },
    )
    const stored = await model.find({ key: { $in: docs.map(({ key }) => key) } }).lean()
    await tell(stored)
    const byKey = new Map(stored.map((task) => [task.key, itemOf(task)]))
    return docs.map((doc) => byKey.get(doc.key) ?? itemOf(doc))
  }

  const get = async (id: string): Promise<TaskDoc> => {
    const task = await model.findById(id).lean()
    if (task === null) throw notFound('task', id)
    return task
  }

  return {
    createMany,
    async create(task) {
      const [made] = await createMany([task])
      if (made === undefined) throw notFound('task', task.key)
      return made
    },
    get: async (id) => itemOf(await get(id)),
    list: (query) => listTasks(model, query),
    async done(id) {
      await model.updateOne(
        { _id: id, state: 'open' },
        { $set: { state: 'done', closedAt: clock.date(), untold: true } },
      )
      await endCards(model, { _id: id }, clock.date())
      const task = await get(id)
      await tell([task])
      return itemOf(task)
    },
    async close(keys, state) {
      const change = { state, closedAt: clock.date() }
      await model.updateMany({ key: { $in: [...keys] }, state: 'open' }, { $set: change })
      await endCards(model, { key: { $in: [...keys] } }, clock.date())
    },
    isOpen: async (key) => (await model.exists({ key, state: 'open' })) !== null,
    handOver: createTasksHandOver(model),
    sweep: {
      stage: 'tasks',
      async run(now) {
        const late = new Date(now.getTime() - 10_000)
        const left = await model
          .find({ untold: true, createdAt: { $lte: late } })
          .limit(200)
          .lean()
        await tell(left)
        return left.length
      },
    },
    backlog: {
      stage: 'tasks',
      async count() {
        return { pending: await model.countDocuments({ untold: true }), due: 0, dead: 0, oldestAt: null }
      },
    },
  }
}
