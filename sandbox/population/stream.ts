import { Agenda } from './agenda.ts'
import type { Deed } from './deed.ts'
import { arrival, firstOrderAt, orderChapter, visitChapter } from './life.ts'
import type { Population } from './population.ts'

const order = 0
const visit = 1
const strands = 2

/**
 * Everything everybody does, in order of time. Kept is one number triple for a customer's next order and next visit, and the deeds of
 * the next days that something brought about; everything else is made anew from the seed when its time has come.
 */
export function* streamOf(population: Population): Generator<Deed, void, undefined> {
  const { customers, days } = population.plan
  const end = days * 1440
  const agenda = new Agenda()
  /** Customers who buy no more: their visits end. */
  const gone = new Uint8Array(customers)
  const waiting = new Map<number, Deed>()
  let waited = 0

  const add = (at: number, key: number, count: number): void => {
    if (at < end) agenda.add(at, key, count)
  }
  const addDeeds = (deeds: readonly Deed[]): void => {
    for (const deed of deeds) {
      if (deed.at >= end) continue
      waited += 1
      waiting.set(customers * strands + waited, deed)
      agenda.add(deed.at, customers * strands + waited, 0)
    }
  }

  let newcomer = 0
  let comesAt = customers > 0 ? population.joinsAt(0) : Infinity
  for (;;) {
    if (comesAt <= agenda.nextAt && comesAt < end) {
      const { deeds, firstVisit } = arrival(population, newcomer)
      addDeeds(deeds)
      if (!population.isStar(newcomer)) add(firstOrderAt(population, newcomer), newcomer * strands + order, 0)
      add(firstVisit, newcomer * strands + visit, 0)
      newcomer += 1
      comesAt = newcomer < customers ? population.joinsAt(newcomer) : Infinity
      continue
    }
    const next = agenda.take()
    if (next === undefined) return
    const { time, key, count } = next
    const deed = waiting.get(key)
    if (deed !== undefined) {
      waiting.delete(key)
      yield deed
      continue
    }
    const index = Math.floor(key / strands)
    if (key % strands === visit) {
      if (gone[index] === 1) continue
      const chapter = visitChapter(population, index, count + 1, time)
      addDeeds(chapter.deeds)
      add(chapter.next, key, count + 1)
      continue
    }
    const chapter = orderChapter(population, index, count + 1, time)
    addDeeds(chapter.deeds)
    add(chapter.next, key, count + 1)
    if (chapter.gone) gone[index] = 1
  }
}
