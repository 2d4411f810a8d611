import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { storedPlace } from './new-customer.ts'
import { signalsOf } from './signals.ts'
import { applyFacts } from './state/apply.ts'
import { letTimePass, movesBetween, placeAt, type Move, type Place, type Scheme } from './work-out.ts'

type Written = Omit<CustomerDoc, '_id' | 'createdAt' | 'contact' | 'rev'>

/** What became of a customer: the fields to write, and the facts that tell of new stages and classes. */
export type Outcome = { readonly set: Written; readonly derived: readonly NewFact[] }

const asFact = (customerId: string, move: Move, version: number, first: boolean): NewFact => {
  const base = { customerId, at: move.at, source: 'system' } as const
  const { stage, tier } = move.place
  return move.kind === 'stage'
    ? {
        ...base,
        id: `stage.entered:${customerId}:${version}`,
        type: 'stage.entered',
        payload: { from: first ? null : move.from, to: stage.stage, because: [...stage.because] },
      }
    : {
        ...base,
        id: `tier.changed:${customerId}:${version}`,
        type: 'tier.changed',
        // What would move them up is no reason why they moved.
        payload: { from: first ? null : move.from, to: tier.tier, because: tier.because.slice(0, 1) },
      }
}

const clamp = (at: Date, from: Date, to: Date): Date => (at < from ? from : at > to ? to : at)

/**
 * Works a customer out anew: first time passes up to the earliest new fact, then the facts count, then time passes to now.
 * So a clock that jumped, or facts that came late, still tell of every stage in order and at its own moment.
 * With no facts only time passes. Depends on its arguments alone.
 */
export const workOut = (doc: CustomerDoc, facts: readonly Fact[], scheme: Scheme, now: Date): Outcome => {
  const from = doc.workedOutAt
  const times = facts.map(({ at }) => clamp(at, from, now < from ? from : now).getTime())
  const begin = new Date(times.length === 0 ? from.getTime() : Math.min(...times))
  const end = new Date(times.length === 0 ? from.getTime() : Math.max(...times))
  const until = now < end ? end : now

  const before: Place = { stage: doc.stage, tier: doc.tier }
  const early = letTimePass(signalsOf(doc.state), scheme, before, from, begin)
  const state = applyFacts(doc.state, facts)
  const signals = signalsOf(state)
  const landed = placeAt(signals, scheme, end, early.place)
  const late = letTimePass(signals, scheme, landed, end, until)

  const moves = [...early.moves, ...movesBetween(early.place, landed, end), ...late.moves]
  const firsts = firstMoves(doc, moves, landed, end)
  let { stageVersion, tierVersion } = doc
  const derived = [...firsts, ...moves].map((move) => {
    const version = move.kind === 'stage' ? ++stageVersion : ++tierVersion
    return asFact(doc._id, move, version, version === 1)
  })
  return {
    set: {
      updatedAt: now,
      state,
      ...storedPlace(late.place),
      stageVersion,
      tierVersion,
      workedOutAt: until,
      nextDueAt: late.nextAt,
      lookAt: late.nextAt,
      ...lookUpOf(state, doc.contact, signals, doc),
    },
    derived,
  }
}

/** The stage and class a customer begins in are told as well, even when they are those of somebody unknown. */
const firstMoves = (doc: CustomerDoc, moves: readonly Move[], place: Place, at: Date): Move[] => {
  const first: Move[] = []
  if (doc.stageVersion === 0 && !moves.some(({ kind }) => kind === 'stage'))
    first.push({ kind: 'stage', at, from: place.stage.stage, place })
  if (doc.tierVersion === 0 && !moves.some(({ kind }) => kind === 'tier'))
    first.push({ kind: 'tier', at, from: place.tier.tier, place })
  return first
}
