import type { Because } from '@zhiyin/shared/because'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Condition } from '@zhiyin/shared/condition'
import type { Step } from '@zhiyin/shared/rule'
import type { Who } from '@zhiyin/shared/content'
import type { Rendered, Vars } from '../content/read.ts'
import type { Entered } from '../measure/types.ts'
import type { Scope } from '../platform/actor.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Outbox } from '../outbox/read.ts'
import type { NewTask } from '../tasks/read.ts'

/** What the rules need of others; deps/ joins them. */
export type Evaluate = (
  condition: Condition,
  view: CustomerView,
  now: Date,
) => { met: boolean; because: readonly Because[] }
export type Views = (ids: readonly string[]) => Promise<readonly CustomerView[]>
/** Customers who meet a condition, in the order of their ids, after one of them; of those somebody may see, where there is a scope. */
export type Scan = (
  condition: Condition,
  after: string | null,
  limit: number,
  scope?: Scope,
) => Promise<readonly CustomerView[]>
export type Names = (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
/** Writes into the exposure log; the same entry told twice stands once. */
export type Exposed = (entered: readonly Entered[]) => Promise<unknown>
export type AppendFacts = (facts: NewFact[]) => Promise<unknown>
export type Render = (contentId: string, who: Who, vars: Vars) => Promise<Rendered | null>
export type WantMany = Outbox['wantMany']
export type CreateTasks = (tasks: readonly NewTask[]) => Promise<unknown>
/** Has the files of what these steps send ready in WeCom soon. */
export type PrefetchSteps = (steps: readonly Step[]) => Promise<void>
/** Puts tags on a customer and takes tags off (our tag ids): the facts, and the mark in WeCom. Idempotent by key. */
export type TagCustomer = (change: {
  key: string
  customerId: string
  externalUserId: string | null
  userid: string | null
  add: readonly string[]
  remove: readonly string[]
  because: Because
  at: Date
}) => Promise<void>
/** The rep a customer talked with last; null where nobody knows. */
export type LastTalk = (customerId: string) => Promise<string | null>
