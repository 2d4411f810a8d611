import { countableTypes, eventKey, mostTimes, type EventRef } from '@zhiyin/shared/condition'
import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import { hashOf } from './merge.ts'

type Mark = { readonly at: Date; readonly id: number }

const newestFirst = (a: Mark, b: Mark): number => b.at.getTime() - a.at.getTime() || b.id - a.id

/** Keeps a time among the newest; the same fact counts once, and no order of arrival matters. */
const keep = (draft: Draft, n: string, mark: Mark): void => {
  const held = draft.events.get(n)
  const marks = held === undefined ? [] : held.at.flatMap((at, i): Mark[] => [{ at, id: held.ids[i] ?? 0 }])
  if (marks.some(({ at, id }) => id === mark.id && at.getTime() === mark.at.getTime())) return
  const newest = [...marks, mark].sort(newestFirst).slice(0, mostTimes)
  draft.events.set(n, { n, at: newest.map(({ at }) => at), ids: newest.map(({ id }) => id) })
}

const isCountable = (type: Fact['type']): type is EventRef['event'] => countableTypes.has(type)

/** Notes when an event happened, under its kind, and a behaviour under its name too. */
export const noteEvent = (draft: Draft, fact: Fact): void => {
  const event = fact.type
  if (!isCountable(event)) return
  const mark = { at: fact.at, id: hashOf(fact.id) }
  keep(draft, eventKey({ event }), mark)
  if (fact.type === 'behavior.tracked') keep(draft, eventKey({ event, name: fact.payload.name.slice(0, 200) }), mark)
}
