import type { Who } from '@zhiyin/shared/content'
import type { Condition } from '@zhiyin/shared/condition'
import type { Tier } from '@zhiyin/shared/tier'
import type { Rendered, Vars } from '../content/read.ts'
import type { CustomerView } from '../profile/view.ts'

/** Customers who meet a condition and are held by one of these reps (null: by anybody), in the order of their ids, after one of them. */
export type ScanCustomers = (
  of: { condition: Condition; userids: readonly string[] | null },
  after: string | null,
  limit: number,
) => Promise<readonly CustomerView[]>
export type CountCustomers = (of: { condition: Condition; userids: readonly string[] | null }) => Promise<number>

/** A customer group as a broadcast needs it. */
export type CustomerGroup = { id: string; chatId: string | null; name: string; owner: string | null; tier: Tier }
/** Every customer group, in the order of ids. */
export type CustomerGroups = () => Promise<readonly CustomerGroup[]>

export type Render = (contentId: string, who: Who, vars: Vars) => Promise<Rendered | null>
export type Names = (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
/** Told of customers a broadcast wants to reach, before it does; told twice it is once. */
export type Reached = (wanted: readonly { readonly customerId: string; readonly at: Date }[]) => Promise<void>
