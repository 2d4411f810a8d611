import type { Outbox, WantInput } from '../outbox/read.ts'
import type { NewTask } from '../tasks/read.ts'
import type { CreateTasks, TagCustomer } from './types.ts'
import type { WebhookCall, Webhooks } from './webhooks/webhooks.ts'

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

/** Hands a customer over, once per key. */
export type HandOver = { key: string; customerId: string; from: string; to: string; rule: string }

/** What steps want done, each under a key of its run and step: asking twice does it once. */
export type Effects = {
  readonly intents: WantInput[]
  readonly tasks: NewTask[]
  readonly tags: Tagging[]
  readonly attributes: SetAttribute[]
  readonly transfers: HandOver[]
  readonly webhooks: WebhookCall[]
}

export const noEffects = (): Effects => ({
  intents: [],
  tasks: [],
  tags: [],
  attributes: [],
  transfers: [],
  webhooks: [],
})

export type PerformDeps = {
  wantMany: Outbox['wantMany']
  createTasks: CreateTasks
  tagCustomer: TagCustomer
  setAttributes: (attributes: readonly SetAttribute[]) => Promise<void>
  handOver: (transfer: HandOver) => Promise<unknown>
  callWebhooks: Webhooks['want']
}

/** Has done what a batch of runs wants; whoever repeats it after a crash changes nothing. */
export const createPerform =
  ({ wantMany, createTasks, tagCustomer, setAttributes, handOver, callWebhooks }: PerformDeps) =>
  async (all: readonly Effects[]): Promise<void> => {
    await wantMany(all.flatMap(({ intents }) => intents))
    await createTasks(all.flatMap(({ tasks }) => tasks))
    for (const tagging of all.flatMap(({ tags }) => tags)) await tagCustomer(tagging)
    await setAttributes(all.flatMap(({ attributes }) => attributes))
    for (const transfer of all.flatMap(({ transfers }) => transfers)) await handOver(transfer)
    await callWebhooks(all.flatMap(({ webhooks }) => webhooks))
  }

export type Perform = ReturnType<typeof createPerform>
