import type { NewFact } from '@zhiyin/shared/fact'
import { because } from '@zhiyin/shared/because'
import { whyHere } from '@zhiyin/shared/because/tier'
import type { CustomerDoc } from '../customers.model.ts'
import type { Definitions } from '../types.ts'
import type { LevelPlace, Move, Place } from './place.ts'

type Versions = Pick<CustomerDoc, 'stageVersion' | 'tierVersion' | 'moveVersion'>

/** The stage and tier a customer begins in are told as well, even when they are those of somebody unknown. */
export const firstMoves = (doc: Versions, moves: readonly Move[], { stage, levels }: Place, at: Date): Move[] => {
  const [primary] = levels
  const first: Move[] = []
  if (doc.stageVersion === 0 && !moves.some(({ kind }) => kind === 'stage'))
    first.push({ kind: 'stage', at, from: stage.stage, to: stage })
  const told = moves.some((move) => move.kind === 'level' && move.to.scheme === primary?.scheme)
  if (doc.tierVersion === 0 && primary !== undefined && !told)
    first.push({ kind: 'level', at, from: primary, to: primary })
  return first
}

/** A move of the primary scheme between levels that are served alike is no change of tier. */
const isTier = ({ from, to }: Extract<Move, { kind: 'level' }>, version: number): boolean =>
  version === 0 || from.tier !== to.tier

/** Moves as facts; each has a number of its own, so that no move is told twice. Of a segment that is not defined any more nothing is told. */
export const tell = (
  doc: Versions & { readonly _id: string },
  moves: readonly Move[],
  { schemes, segments }: Definitions,
): { derived: NewFact[]; versions: Versions } => {
  const { _id: customerId } = doc
  const versions = { stageVersion: doc.stageVersion, tierVersion: doc.tierVersion, moveVersion: doc.moveVersion }
  const [primary] = schemes
  /** A level by the name it has now; one that was taken out is only known by its key. */
  const levelOf = ({ scheme: id, level: key }: LevelPlace): { key: string; name: string } => {
    const scheme = schemes.find((one) => one.id === id)
    return { key, name: scheme?.levels.find((level) => level.key === key)?.name ?? key }
  }

  const factOf = (move: Move): NewFact | [] => {
    const base = { customerId, at: move.at, source: 'system' } as const
    if (move.kind === 'stage') {
      const version = ++versions.stageVersion
      const from = version === 1 ? null : move.from
      const payload = { from, to: move.to.stage, because: [...move.to.because] }
      return { ...base, id: `stage.entered:${customerId}:${version}`, type: 'stage.entered', payload }
    }
    if (move.kind === 'level' && move.to.scheme === primary.id && isTier(move, versions.tierVersion)) {
      const version = ++versions.tierVersion
      const from = version === 1 ? null : move.from.tier
      // What would move them up is no reason why they moved.
      const level = {
        schemeId: primary.id,
        scheme: primary.name,
        from: version === 1 ? null : levelOf(move.from),
        to: levelOf(move.to),
      }
      const payload = { from, to: move.to.tier, because: whyHere(move.to.because), level }
      return { ...base, id: `tier.changed:${customerId}:${version}`, type: 'tier.changed', payload }
    }
    if (move.kind === 'entered' || move.kind === 'left') {
      const segment = segments.find(({ id }) => id === move.segment)
      if (segment === undefined) return []
      const type = move.kind === 'entered' ? 'segment.entered' : 'segment.left'
      const payload = { segmentId: segment.id, segment: segment.name }
      return { ...base, id: `${type}:${customerId}:${++versions.moveVersion}`, type, payload }
    }
    const version = ++versions.moveVersion
    switch (move.kind) {
      case 'level': {
        const [from, to] = [levelOf(move.from), levelOf(move.to)]
        return {
          ...base,
          id: `level.changed:${customerId}:${version}`,
          type: 'level.changed',
          payload: {
            schemeId: move.to.scheme,
            scheme: schemes.find(({ id }) => id === move.to.scheme)?.name ?? move.to.scheme,
            from: from.name,
            to: to.name,
            because: whyHere(move.to.because),
            keys: { from: from.key, to: to.key },
          },
        }
      }
      case 'tag_on':
      case 'tag_off': {
        const { id: tagId, tag, ruleId } = move.tag
        const on = move.kind === 'tag_on'
        const type = on ? 'tag.added' : 'tag.removed'
        const reasons = on ? [...move.tag.because] : [because('tag.rule_over')]
        return {
          ...base,
          id: `${type}:${customerId}:${version}`,
          type,
          payload: { tagId, tag, ruleId, because: reasons },
        }
      }
      case 'tag_ended': {
        const { id: tagId, name: tag, why } = move.tag
        const ended = why.code === 'tag.expired' ? 'expired' : 'exclusive'
        return {
          ...base,
          id: `tag.removed:${customerId}:${version}`,
          type: 'tag.removed',
          payload: { tagId, tag, ended, because: [why] },
        }
      }
      case 'tag_back': {
        const { id: tagId, name: tag } = move.tag
        const payload = { tagId, tag, returned: true as const, because: [because('tag.returned')] }
        return { ...base, id: `tag.added:${customerId}:${version}`, type: 'tag.added', payload }
      }
    }
  }
  return { derived: moves.flatMap(factOf), versions }
}
