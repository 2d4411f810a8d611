import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import { dayMs, hashOf, latest, withMark } from './merge.ts'
import type { Interaction } from './state.ts'

/** More than this in one day says nothing more about a person, only about a busy page. */
const mostPerDay = 50
const mostPerTopic = 20

const hashes = 2 ** 32
const interactionOf = (day: number, hash: number): Interaction => day * hashes + (hash >>> 0)
export const dayOf = (interaction: Interaction): number => Math.floor(interaction / hashes)

/** How many of a sorted list are before this one. */
const before = (interactions: readonly Interaction[], one: Interaction): number => {
  let [low, high] = [0, interactions.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((interactions[middle] ?? 0) < one) low = middle + 1
    else high = middle
  }
  return low
}

/** How many interactions are of earlier days than this one. */
export const beforeDay = (interactions: readonly Interaction[], day: number): number =>
  before(interactions, interactionOf(day, 0))

/** Adds an interaction; of one day the `mostPerDay` smallest stay. */
const withInteraction = (held: readonly Interaction[], one: Interaction): readonly Interaction[] => {
  const place = before(held, one)
  if (held[place] === one) return held
  const all = held.toSpliced(place, 0, one)
  const [first, next] = [beforeDay(all, dayOf(one)), beforeDay(all, dayOf(one) + 1)]
  return next - first > mostPerDay ? all.toSpliced(next - 1, 1) : all
}

/** The same list for the days an earlier build kept. */
export const interactionsOf = (
  days: readonly { readonly day: number; readonly marks: readonly number[] }[],
): Interaction[] =>
  days.flatMap(({ day, marks }) => marks.map((mark) => interactionOf(day, mark))).sort((a, b) => a - b)

/** Counts an interaction in its day and moves the last one seen. */
export const interact = (draft: Draft, { id, at }: Fact): void => {
  draft.lastSeenAt = latest(draft.lastSeenAt, at)
  const day = Math.floor(at.getTime() / dayMs)
  draft.interactions = withInteraction(draft.interactions, interactionOf(day, hashOf(id)))
}

const topicKeys = ['topic', 'topics', 'category', 'content_category', 'brand'] as const

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((part): part is string => typeof part === 'string')

/** What the customer looked at: the topics, categories and brands named by the event. */
export const noteTopics = (draft: Draft, { id, payload }: Fact<'behavior.tracked'>): void => {
  for (const text of topicKeys.flatMap((key) => textsOf(payload.properties[key])).slice(0, 10)) {
    const topic = text.trim().slice(0, 60)
    const held = draft.topics.get(topic)?.marks ?? []
    const marks = withMark(held, hashOf(id), mostPerTopic)
    if (topic !== '' && marks !== held) draft.topics.set(topic, { topic, marks })
  }
}
