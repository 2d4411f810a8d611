import { countableTypes, eventKey, mostTimes, oldestTimes, type EventRef } from '@zhiyin/shared/condition'
import type { Fact } from '@zhiyin/shared/fact'
import type { Draft } from './draft.ts'
import { hashOf } from './merge.ts'
import type { EventTimes } from './state.ts'

type Mark = { readonly time: number; readonly id: number }

/** Before how many of the times kept, newest first, a mark belongs; of one moment the greater hash is before. */
const placeOf = ({ at, ids }: EventTimes, { time, id }: Mark): number => {
  const place = at.findIndex((one, i) => one.getTime() < time || (one.getTime() === time && (ids[i] ?? 0) <= id))
  return place === -1 ? at.length : place
}

const most = mostTimes + oldestTimes

/** Keeps a time among the newest or the oldest; the same fact counts once, and no order of arrival matters. */
const keep = (draft: Draft, n: string, at: Date, id: number): void => {
  const held = draft.events.get(n) ?? { n, at: [], ids: [] }
  const time = at.getTime()
  const place = placeOf(held, { time, id })
  const isKnown = held.at[place]?.getTime() === time && held.ids[place] === id
  const isFull = held.at.length >= most
  if (isKnown || (isFull && place === mostTimes)) return
  const [times, ids] = [held.at.toSpliced(place, 0, at), held.ids.toSpliced(place, 0, id)]
  if (isFull) {
    times.splice(mostTimes, 1)
    ids.splice(mostTimes, 1)
  }
  draft.events.set(n, { n, at: times, ids })
}

const isCountable = (type: Fact['type']): type is EventRef['event'] => countableTypes.has(type)

/** Notes when an event happened, under its kind, and a behaviour under its name too. */
export const noteEvent = (draft: Draft, fact: Fact): void => {
  const event = fact.type
  if (!isCountable(event)) return
  const id = hashOf(fact.id)
  keep(draft, eventKey({ event }), fact.at, id)
  if (fact.type === 'behavior.tracked')
    keep(draft, eventKey({ event, name: fact.payload.name.slice(0, 200) }), fact.at, id)
}
