import { mostNames } from '@zhiyin/shared/condition'
import { isReport } from '@zhiyin/shared/consent'
import type {
  ConsentEntry,
  CustomerState,
  EventTimes,
  FollowEntry,
  GroupEntry,
  Interaction,
  Kept,
  ListEntry,
  OrderEntry,
  TagEntry,
  TopicEntry,
  TraitEntry,
} from './state.ts'
import { dayOf } from './interactions.ts'
import { bounded } from './merge.ts'
import { Register } from './register.ts'

/** A state opened for applying facts: lists as registers by their key. */
export type Draft = {
  firstContactAt: Date | null
  firstReplyAt: Date | null
  lastSeenAt: Date | null
  readonly orders: Register<string, OrderEntry>
  interactions: readonly Interaction[]
  readonly follows: Register<string, FollowEntry>
  readonly traits: Register<string, TraitEntry>
  readonly consents: Register<string, ConsentEntry>
  readonly tags: Register<string, TagEntry>
  readonly groups: Register<string, GroupEntry>
  readonly lists: Register<string, ListEntry>
  readonly topics: Register<string, TopicEntry>
  readonly events: Register<string, EventTimes>
  readonly computed: Register<string, Kept>
}

/** How many days of interactions are kept: the longest window a manager can set, and some room. */
const keptDays = 400
const mostTraits = 300
const mostTopics = 60

export const traitKey = (key: string, source: string): string => `${key}\n${source}`

const idOf = ({ id }: { readonly id: string }): string => id
const traitKeyOf = ({ key, source }: TraitEntry): string => traitKey(key, source)
const topicOf = ({ topic }: TopicEntry): string => topic
const nameOf = ({ n }: EventTimes): string => n
/** Of each purpose the last act and the last report. One that was kept when there was one of both is whichever it came as. */
export const consentKeyOf = ({ purpose, source }: ConsentEntry): string =>
  isReport(source) ? `${purpose}\nreport` : purpose
export const keptKeyOf = ({ key }: Kept): string => key

/** `keys`: of what is kept for computed attributes, what somebody still asks for. */
export const open = (state: CustomerState, keys: ReadonlySet<string>): Draft => ({
  firstContactAt: state.firstContactAt,
  firstReplyAt: state.firstReplyAt,
  lastSeenAt: state.lastSeenAt,
  orders: new Register(state.orders, idOf),
  interactions: state.interactions,
  follows: new Register(state.follows, ({ userid }) => userid),
  traits: new Register(state.traits, traitKeyOf),
  consents: new Register(state.consents, consentKeyOf),
  tags: new Register(state.tags, idOf),
  groups: new Register(state.groups, ({ chatId }) => chatId),
  lists: new Register(state.lists, idOf),
  topics: new Register(state.topics, topicOf),
  events: new Register(state.events, nameOf),
  computed: new Register(
    state.computed.every(({ key }) => keys.has(key))
      ? state.computed
      : state.computed.filter(({ key }) => keys.has(key)),
    keptKeyOf,
  ),
})

/** Every kind is kept; of the names of behaviours at most `mostNames`. */
const boundedNames = (events: readonly EventTimes[]): readonly EventTimes[] => {
  if (events.length <= mostNames) return events
  const named = events.filter(({ n }) => n.includes(':'))
  if (named.length <= mostNames) return events
  const kept = new Set(bounded(named, nameOf, mostNames))
  return events.filter((entry) => kept.has(entry) || !entry.n.includes(':'))
}

const newestDays = (interactions: readonly Interaction[]): readonly Interaction[] => {
  const oldest = dayOf(interactions.at(-1) ?? 0) - keptDays
  const [first] = interactions
  return first === undefined || dayOf(first) > oldest ? interactions : interactions.filter((one) => dayOf(one) > oldest)
}

/** Lists that nothing was set in are those it was opened with. */
export const close = (draft: Draft): CustomerState => ({
  firstContactAt: draft.firstContactAt,
  firstReplyAt: draft.firstReplyAt,
  lastSeenAt: draft.lastSeenAt,
  orders: draft.orders.values,
  interactions: newestDays(draft.interactions),
  follows: draft.follows.values,
  traits: bounded(draft.traits.values, traitKeyOf, mostTraits),
  consents: draft.consents.values,
  tags: draft.tags.values,
  groups: draft.groups.values,
  lists: draft.lists.values,
  topics: bounded(draft.topics.values, topicOf, mostTopics),
  events: boundedNames(draft.events.values),
  computed: draft.computed.values,
})
