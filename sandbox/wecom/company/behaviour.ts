import type { World } from '../world.ts'
import { countOn } from './daily.ts'
import { DAY_MS } from './days.ts'

/** One member's day, as it can be added to that of others. */
export interface Behaviour {
  /** Chats he said something in, and how often. */
  chats: number
  messages: number
  /** Chats a customer began, those he answered on that day, and how long the first answers took, ms. */
  begun: number
  answered: number
  waitedMs: number
  lost: number
  applied: number
  added: number
}

/** What a member did with customers on the day that begins at `start` (epoch ms); only single chats count. */
export function behaviourOf(world: World, userid: string, start: number): Behaviour {
  const within = { via: 'chat', since: String(start), until: start + DAY_MS } as const
  const said = world.ledger.query({ ...within, from: userid }).filter((line) => line.to.kind === 'customer')
  const heard = world.ledger.query({ ...within, to: userid }).filter((line) => world.store.customers.has(line.from))
  let answered = 0
  let begun = 0
  let waitedMs = 0
  for (const customer of new Set(heard.map((line) => line.from))) {
    const first = heard.find((line) => line.from === customer)
    const toHim = said.filter((line) => line.to.id === customer)
    if (!first || (toHim[0] && toHim[0].id < first.id)) continue
    begun += 1
    const answer = toHim.find((line) => line.id > first.id)
    if (!answer) continue
    answered += 1
    waitedMs += answer.at - first.at
  }
  return {
    chats: new Set(said.map((line) => line.to.id)).size,
    messages: said.length,
    begun,
    answered,
    waitedMs,
    lost: countOn(world, start, 'lost', userid),
    applied: countOn(world, start, 'applied', userid),
    added: countOn(world, start, 'added', userid),
  }
}

/** Several members' day as one. */
export function sumOf(all: readonly Behaviour[]): Behaviour {
  const sum: Behaviour = { chats: 0, messages: 0, begun: 0, answered: 0, waitedMs: 0, lost: 0, applied: 0, added: 0 }
  for (const one of all) {
    sum.chats += one.chats
    sum.messages += one.messages
    sum.begun += one.begun
    sum.answered += one.answered
    sum.waitedMs += one.waitedMs
    sum.lost += one.lost
    sum.applied += one.applied
    sum.added += one.added
  }
  return sum
}
