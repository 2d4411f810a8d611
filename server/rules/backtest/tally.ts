import type { BacktestDay } from '@zhiyin/shared/backtest'
import type { Because } from '@zhiyin/shared/because'
import { zonedTime } from '@zhiyin/shared/zone'
import type { Line, Meeting, Way } from './way.ts'

export type ReasonCount = { because: Because; count: number }
export type CollisionCount = Meeting & { customers: number; lost: number }

/** What a backtest has counted so far; lists, so that no name in it is a path to the database. */
export type Tally = {
  customers: number
  counts: Record<'entered' | 'heldOut' | 'sent' | 'waited' | 'blocked' | 'goal' | 'exited' | 'finished', number>
  days: BacktestDay[]
  blocked: ReasonCount[]
  waited: ReasonCount[]
  kept: ReasonCount[]
  steps: { stepId: string; arm: string | null; count: number }[]
  collisions: CollisionCount[]
}

export const emptyTally = (): Tally => ({
  customers: 0,
  counts: { entered: 0, heldOut: 0, sent: 0, waited: 0, blocked: 0, goal: 0, exited: 0, finished: 0 },
  days: [],
  blocked: [],
  waited: [],
  kept: [],
  steps: [],
  collisions: [],
})

/** One of a list by what names it; put in where it is missing. */
const among = <T>(list: T[], is: (one: T) => boolean, made: T): T => {
  const had = list.find(is)
  if (had !== undefined) return had
  list.push(made)
  return made
}

/** The first reason says what it was; its numbers are those of whoever came first. */
const addReason = (list: ReasonCount[], [first]: readonly Because[]): void => {
  if (first === undefined) return
  among(list, ({ because }) => because.code === first.code, { because: first, count: 0 }).count += 1
}

const addStep = (tally: Tally, { stepId, arm }: Line): void => {
  if (stepId === null) return
  const is = (one: { stepId: string; arm: string | null }): boolean => one.stepId === stepId && one.arm === arm
  among(tally.steps, is, { stepId, arm, count: 0 }).count += 1
}

/** Adds what would have happened to one customer. */
export const addWay = (tally: Tally, { lines, met }: Way, zone: string): void => {
  const { counts } = tally
  const dayOf = (one: Line): BacktestDay => {
    const day = zonedTime(one.at, zone).date
    const none = { day, entered: 0, heldOut: 0, sent: 0, blocked: 0, goal: 0 }
    return among(tally.days, (each) => each.day === day, none)
  }
  if (lines.some(({ kind }) => kind === 'entered')) tally.customers += 1
  const lostTo = new Set<string>()
  for (const one of lines)
    switch (one.kind) {
      case 'entered':
        counts.entered += 1
        dayOf(one).entered += 1
        break
      case 'held_out':
        counts.heldOut += 1
        dayOf(one).heldOut += 1
        break
      case 'kept':
        addReason(tally.kept, one.because)
        break
      case 'step':
      case 'waiting':
        addStep(tally, one)
        break
      case 'waits':
        counts.waited += 1
        addReason(tally.waited, one.because)
        break
      case 'sent':
        counts.sent += 1
        dayOf(one).sent += 1
        break
      case 'blocked':
        counts.blocked += 1
        dayOf(one).blocked += 1
        addReason(tally.blocked, one.because)
        break
      case 'left':
        if (one.outcome === null) break
        counts[one.outcome] += 1
        if (one.outcome === 'goal') dayOf(one).goal += 1
    }
  for (const { lostTo: to } of lines) if (to !== undefined && to !== null) lostTo.add(to)
  for (const other of met) {
    const both = among(tally.collisions, ({ id }) => id === other.id, { ...other, customers: 0, lost: 0 })
    both.customers += 1
    if (lostTo.has(other.id)) both.lost += 1
  }
}
