import type {
  ConsentEntry,
  CustomerState,
  EventTimes,
  FollowEntry,
  GroupEntry,
  Kept,
  ListEntry,
  OrderEntry,
  TagEntry,
  TraitEntry,
} from './state.ts'
import { bounded, sorted } from './merge.ts'

/** A state opened for applying facts: lists as maps by their key. */
export type Draft = {
  firstContactAt: Date | null
  firstReplyAt: Date | null
  lastSeenAt: Date | null
  readonly orders: Map<string, OrderEntry>
  readonly interactions: Map<number, readonly number[]>
  readonly follows: Map<string, FollowEntry>
  readonly traits: Map<string, TraitEntry>
  readonly consents: Map<string, ConsentEntry>
  readonly tags: Map<string, TagEntry>
  readonly groups: Map<string, GroupEntry>
  readonly lists: Map<string, ListEntry>
  readonly topics: Map<string, readonly number[]>
  readonly events: Map<string, EventTimes>
  readonly computed: Map<string, Kept>
}

/** How many days of interactions are kept: the longest window a manager can set, and some room. */
const keptDays = 400
const mostTraits = 300
const mostTopics = 60
const mostEvents = 100

export const traitKey = (key: string, source: string): string => `${key}\n${source}`

/** `keys`: of what is kept for computed attributes, what somebody still asks for. */
export const open = (state: CustomerState, keys: ReadonlySet<string>): Draft => ({
  firstContactAt: state.firstContactAt,
  firstReplyAt: state.firstReplyAt,
  lastSeenAt: state.lastSeenAt,
  orders: new Map(state.orders.map((order) => [order.id, order])),
  interactions: new Map(state.interactions.map(({ day, marks }) => [day, marks])),
  follows: new Map(state.follows.map((follow) => [follow.userid, follow])),
  traits: new Map(state.traits.map((trait) => [traitKey(trait.key, trait.source), trait])),
  consents: new Map(state.consents.map((consent) => [consent.purpose, consent])),
  tags: new Map(state.tags.map((tag) => [tag.id, tag])),
  groups: new Map(state.groups.map((group) => [group.chatId, group])),
  lists: new Map(state.lists.map((list) => [list.id, list])),
  topics: new Map(state.topics.map(({ topic, marks }) => [topic, marks])),
  events: new Map(state.events.map((entry) => [entry.n, entry])),
  computed: new Map(state.computed.flatMap((kept) => (keys.has(kept.key) ? [[kept.key, kept] as const] : []))),
})

/** Every kind is kept; of the names of behaviours at most `mostEvents`. */
const boundedNames = (events: ReadonlyMap<string, EventTimes>): ReadonlyMap<string, EventTimes> => {
  const named = new Map([...events].filter(([key]) => key.includes(':')))
  return named.size <= mostEvents
    ? events
    : new Map([...[...events].filter(([key]) => !named.has(key)), ...bounded(named, mostEvents)])
}

export const close = (draft: Draft): CustomerState => {
  const days = [...draft.interactions].sort(([a], [b]) => a - b)
  const newest = days.at(-1)?.[0] ?? 0
  return {
    firstContactAt: draft.firstContactAt,
    firstReplyAt: draft.firstReplyAt,
    lastSeenAt: draft.lastSeenAt,
    orders: sorted(draft.orders),
    interactions: days.filter(([day]) => day > newest - keptDays).map(([day, marks]) => ({ day, marks })),
    follows: sorted(draft.follows),
    traits: sorted(bounded(draft.traits, mostTraits)),
    consents: sorted(draft.consents),
    tags: sorted(draft.tags),
    groups: sorted(draft.groups),
    lists: sorted(draft.lists),
    topics: sorted(new Map([...bounded(draft.topics, mostTopics)].map(([topic, marks]) => [topic, { topic, marks }]))),
    events: sorted(boundedNames(draft.events)),
    computed: sorted(draft.computed),
  }
}
