import { leavesOf, type Condition } from '@zhiyin/shared/condition'
import { AppError } from '../platform/errors.ts'
import { orderOf } from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import type { SegmentDoc } from './segments.model.ts'
import type { Asking } from './types.ts'

/** The segments a condition asks for. */
export const asksFor = (conditions: readonly Condition[]): ReadonlySet<string> =>
  new Set(conditions.flatMap(leavesOf).flatMap((leaf) => (leaf.type === 'segment' ? [leaf.segmentId] : [])))

const nameIn = (definitions: Pick<Definitions, 'schemes' | 'tagRules' | 'segments'>, key: string): string => {
  const [kind, id] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
  if (kind === 'segment') return definitions.segments.find((one) => one.id === id)?.name ?? id
  if (kind === 'tag') return definitions.tagRules.find((one) => one.id === id)?.tag ?? id
  return definitions.schemes.find((one) => one.id === id)?.name ?? id
}

/** Throws segment.circle when a segment, as it is to be, would ask for itself by way of others. */
export const refuseCircle = (
  definitions: Definitions,
  wanted: Pick<SegmentDoc, '_id' | 'name' | 'condition'>,
): void => {
  const segments = [
    ...definitions.segments.filter(({ id }) => id !== wanted._id),
    { id: wanted._id, name: wanted.name, condition: wanted.condition },
  ]
  const next = { ...definitions, segments }
  const { circle } = orderOf(next)
  if (!circle.includes(`segment:${wanted._id}`)) return
  throw new AppError('segment.circle', {
    status: 422,
    params: { names: circle.map((key) => `「${nameIn(next, key)}」`).join('、') },
  })
}

/** Throws segment.unknown when a condition asks for a segment that is not there, or is switched off. */
export const refuseUnknown = (condition: Condition, segments: readonly SegmentDoc[]): void => {
  const known = new Map(segments.map((one) => [one._id, one]))
  for (const leaf of leavesOf(condition)) {
    if (leaf.type !== 'segment' || known.get(leaf.segmentId)?.on === true) continue
    throw new AppError('segment.unknown', {
      status: 422,
      params: { name: known.get(leaf.segmentId)?.name ?? leaf.segment },
    })
  }
}

/** Those who ask for a segment. */
export const usesOf = (id: string, asking: readonly Asking[]): Asking[] =>
  asking.filter(
    (one) =>
      !(one.kind === 'segment' && one.id === id) &&
      ((one.segmentIds ?? []).includes(id) || asksFor(one.conditions).has(id)),
  )

/** Throws segment.in_use, which names those who ask for it. */
export const refuseUsed = ({ _id, name }: SegmentDoc, asking: readonly Asking[]): void => {
  const uses = usesOf(_id, asking)
  if (uses.length === 0) return
  const shown = uses.slice(0, 5).map((use) => `「${use.name}」`)
  throw new AppError('segment.in_use', {
    status: 409,
    params: { name, uses: `${shown.join('、')}${uses.length > shown.length ? '…' : ''}` },
  })
}
