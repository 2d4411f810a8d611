import type { Because } from '@zhiyin/shared/because'
import type { TagSource } from '@zhiyin/shared/customer'
import type { ConsentProof, ConsentSource, Purpose } from '@zhiyin/shared/consent'

/**
 * What the facts of one customer add up to. Every part is a set, a maximum or a last-writer-wins register, so that the order
 * and the repetition of facts make no difference. Lists are kept sorted by their key: equal facts give equal states.
 */
export type CustomerState = {
  readonly firstContactAt: Date | null
  readonly firstReplyAt: Date | null
  readonly lastSeenAt: Date | null
  readonly orders: readonly OrderEntry[]
  readonly interactions: readonly Interaction[]
  readonly follows: readonly FollowEntry[]
  readonly traits: readonly TraitEntry[]
  readonly consents: readonly ConsentEntry[]
  readonly tags: readonly TagEntry[]
  readonly groups: readonly GroupEntry[]
  readonly lists: readonly ListEntry[]
  readonly topics: readonly TopicEntry[]
  readonly events: readonly EventTimes[]
  readonly computed: readonly Kept[]
}

/**
 * What an order was at some moment. Amounts in minor units of `currency`; absent: the company's. `ofOrder`: nobody said which, so it is
 * that of the order as it was placed.
 */
export type OrderVersion = {
  readonly at: Date
  readonly amount: number
  readonly currency?: string
  readonly ofOrder?: true
  readonly categories: readonly string[]
  /** The first product the order names. */
  readonly product?: string
}

/** An order; `placed` is null while only what came after it is known. `categories` of a refund: those it names. */
export type OrderEntry = {
  readonly id: string
  readonly placed: OrderVersion | null
  /** The last update; it counts for an order that is placed, at the time that was. */
  readonly updated?: OrderVersion
  readonly cancelledAt?: Date
  /** `full`: all that is left of the order. */
  readonly refunds: readonly {
    readonly id: string
    readonly at: Date
    readonly amount: number
    readonly currency?: string
    readonly ofOrder?: true
    readonly full?: true
    readonly categories?: readonly string[]
  }[]
}

/** One interaction: its day (days since 1970, UTC) times 2^32, and a 32-bit hash of its fact. At most 50 of a day are kept. */
export type Interaction = number

/**
 * One rep's hold on the customer: the last add and the last deletion; a deletion wins a tie. `fullAt`: the last add by both sides,
 * which no half add undoes.
 */
export type FollowEntry = {
  readonly userid: string
  readonly added: {
    readonly at: Date
    readonly half: boolean
    readonly channelId: string | null
    readonly channelName: string | null
    readonly addWay: number | null
  } | null
  readonly fullAt?: Date
  readonly deleted: {
    readonly at: Date
    readonly by: 'rep' | 'customer'
    /** Handed over to another rep; `to` where known. */
    readonly transfer?: true
    readonly to?: string
  } | null
}

export type TraitValue = string | number | boolean | readonly string[]
export const traitSources = ['customer', 'rep', 'ingest', 'import', 'wecom', 'rule'] as const
export type TraitSource = (typeof traitSources)[number]
export type TraitEntry = {
  readonly key: string
  readonly source: TraitSource
  /** Null: the source has taken back what it said. */
  readonly value: TraitValue | null
  readonly at: Date
  readonly by: string | null
}

/** The last act, or the last report of a system, on one purpose. */
export type ConsentEntry = {
  readonly purpose: Purpose
  readonly state: 'granted' | 'withdrawn'
  readonly at: Date
  readonly source: ConsentSource
  readonly by: string | null
  readonly proof: ConsentProof | null
}

export type TagEntry = {
  readonly id: string
  readonly name: string
  readonly on: boolean
  readonly at: Date
  /** When it was last put on; null: never, it was only taken off. */
  readonly putAt: Date | null
  readonly source: TagSource
  readonly because: readonly Because[]
}

export type GroupEntry = { readonly chatId: string; readonly name: string; readonly in: boolean; readonly at: Date }

/** A static list somebody put the customer into or took them off. */
export type ListEntry = { readonly id: string; readonly in: boolean; readonly at: Date }

/** What the customer looked at or read about; a hash of each fact, at most 20. */
export type TopicEntry = { readonly topic: string; readonly marks: readonly number[] }

/**
 * The newest times of one kind of event (`order.completed`) or of one behaviour (`behavior.tracked:Page Viewed`), and the oldest few, newest
 * first, each with a hash of its fact. Named as conditions look them up in the database.
 */
export type EventTimes = { readonly n: string; readonly at: readonly Date[]; readonly ids: readonly number[] }

/**
 * What computed attributes are worked out from beside the orders: the events one of them asks for, or what every order says of a property
 * of its products; oldest first. `ids` are hashes of what each is, `values` what its property said (empty where none is asked for). `key`
 * stands for what is asked for.
 */
export type Kept = {
  readonly key: string
  /** Milliseconds. */
  readonly at: readonly number[]
  readonly ids: readonly number[]
  readonly values: readonly TraitValue[]
  /** There were more of them than are kept. */
  readonly more?: true
}

export const emptyState: CustomerState = {
  firstContactAt: null,
  firstReplyAt: null,
  lastSeenAt: null,
  orders: [],
  interactions: [],
  follows: [],
  traits: [],
  consents: [],
  tags: [],
  groups: [],
  lists: [],
  topics: [],
  events: [],
  computed: [],
}
