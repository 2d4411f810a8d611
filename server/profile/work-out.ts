import type { Because } from '@zhiyin/shared/because'
import type { RfmScheme } from '@zhiyin/shared/tier'
import type { Stage, StageSettings } from '@zhiyin/shared/stage'
import type { Signals } from './signals.ts'
import { stageAt, stageBoundaries } from './stage.ts'
import { tierAt, tierBoundaries, type TierAnswer } from './tier.ts'

export type Scheme = { readonly stages: StageSettings; readonly tiers: RfmScheme }

/** A customer's place: where, since when, why. */
export type Place = {
  readonly stage: { readonly stage: Stage; readonly since: Date; readonly because: readonly Because[] }
  readonly tier: TierAnswer & { readonly since: Date }
}

/** A move to another stage or class, at the moment it happened. */
export type Move =
  | { readonly kind: 'stage'; readonly at: Date; readonly from: Stage; readonly place: Place }
  | { readonly kind: 'tier'; readonly at: Date; readonly from: TierAnswer['tier']; readonly place: Place }

/** The place at a moment. `since` is kept where the stage or class is the same as before. */
export const placeAt = (signals: Signals, scheme: Scheme, at: Date, before: Place | null): Place => {
  const stage = stageAt(signals, scheme.stages, at)
  const tier = tierAt(signals, scheme.tiers, at)
  return {
    stage: { ...stage, since: before?.stage.stage === stage.stage ? before.stage.since : at },
    tier: { ...tier, since: before?.tier.tier === tier.tier ? before.tier.since : at },
  }
}

export const movesBetween = (before: Place, place: Place, at: Date): Move[] => {
  const moves: Move[] = []
  if (before.stage.stage !== place.stage.stage) moves.push({ kind: 'stage', at, from: before.stage.stage, place })
  if (before.tier.tier !== place.tier.tier) moves.push({ kind: 'tier', at, from: before.tier.tier, place })
  return moves
}

const sameScores = (a: TierAnswer, b: TierAnswer): boolean =>
  a.tier === b.tier && a.scores.r === b.scores.r && a.scores.f === b.scores.f && a.scores.m === b.scores.m

/** The first moment after `from` at which time alone changes the stage, the class or a score; null when it never does. */
export const nextChange = (signals: Signals, scheme: Scheme, from: Date, place: Place): Date | null => {
  const moments = [
    ...stageBoundaries(signals, scheme.stages, from),
    ...tierBoundaries(signals, scheme.tiers, from),
  ].sort((a, b) => a.getTime() - b.getTime())
  const changes = (at: Date): boolean =>
    stageAt(signals, scheme.stages, at).stage !== place.stage.stage ||
    !sameScores(tierAt(signals, scheme.tiers, at), place.tier)
  return moments.find(changes) ?? null
}

/** More steps than any settings can cause; a guard against going round for ever. */
const mostSteps = 2000

/** Lets time pass over a place: each change happens at its own boundary's moment, in order, not when somebody looked. */
export const letTimePass = (
  signals: Signals,
  scheme: Scheme,
  start: Place,
  from: Date,
  to: Date,
): { place: Place; moves: Move[]; nextAt: Date | null } => {
  const moves: Move[] = []
  let place = start
  let nextAt = nextChange(signals, scheme, from, place)
  for (let step = 0; nextAt !== null && nextAt <= to && step < mostSteps; step++) {
    const next = placeAt(signals, scheme, nextAt, place)
    moves.push(...movesBetween(place, next, nextAt))
    place = next
    nextAt = nextChange(signals, scheme, nextAt, place)
  }
  return { place, moves, nextAt }
}
