import type { Outbox, WantInput } from '../outbox/read.ts'
import type { NewTask } from '../tasks/read.ts'
import type { CreateTasks, TagCustomer } from './types.ts'

export type Tagging = Parameters<TagCustomer>[0]

/** Says what an attribute of a customer is, once per key. */
export type SetAttribute = {
  key: string
  customerId: string
  attribute: string
  value: string | number | boolean | null
  /** The rule’s name. */
  rule: string
  at: Date
}

/** What steps want done, each under a key of its run and step: asking twice does it once. */
export type Effects = {
  readonly intents: WantInput[]
  readonly tasks: NewTask[]
  readonly tags: Tagging[]
  readonly attributes: SetAttribute[]
}

export const noEffects = (): Effects => ({ intents: [], tasks: [], tags: [], attributes: [] })

export type PerformDeps = {
  wantMany: Outbox['wantMany']
  createTasks: CreateTasks
  tagCustomer: TagCustomer
  setAttributes: (attributes: readonly SetAttribute[]) => Promise<void>
}

/** Has done what a batch of runs wants; whoever repeats it after a crash changes nothing. */
export const createPerform =
  ({ wantMany, createTasks, tagCustomer, setAttributes }: PerformDeps) =>
  async (all: readonly Effects[]): Promise<void> => {
    await wantMany(all.flatMap(({ intents }) => intents))
    await createTasks(all.flatMap(({ tasks }) => tasks))
    for (const tagging of all.flatMap(({ tags }) => tags)) await tagCustomer(tagging)
    await setAttributes(all.flatMap(({ attributes }) => attributes))
  }

export type Perform = ReturnType<typeof createPerform>
