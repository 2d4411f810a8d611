import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import { dayMs, hashOf, latest, withMark } from './merge.ts'

/** More than this in one day says nothing more about a person, only about a busy page. */
const mostPerDay = 50
const mostPerTopic = 20

/** Counts an interaction in its day and moves the last one seen. */
export const interact = (draft: Draft, { id, at }: Fact): void => {
  draft.lastSeenAt = latest(draft.lastSeenAt, at)
  const day = Math.floor(at.getTime() / dayMs)
  const held = draft.interactions.get(day)?.marks ?? []
  const marks = withMark(held, hashOf(id), mostPerDay)
  if (marks !== held) draft.interactions.set(day, { day, marks })
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
