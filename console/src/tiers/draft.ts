import { stages } from '@zhiyin/shared/stage'
import type { Level, SchemeInput, TierHow } from '@zhiyin/shared/tier-scheme'
import { gapsOfCondition } from '../conditions/tree.ts'

export type Draft = SchemeInput
export type How<T extends TierHow['type']> = Extract<TierHow, { type: T }>

/** Levels a scheme may have: fewer part nobody, more nobody can tell apart. */
export const fewestLevels = 2
export const mostLevels = 8

const freeKey = (levels: readonly Level[]): string => {
  for (let n = levels.length + 1; ; n += 1) if (!levels.some(({ key }) => key === `level_${n}`)) return `level_${n}`
}

/** A scheme's limits when a level comes in at the end: below the last one. */
const withLimit = (how: TierHow): TierHow => {
  if (how.type === 'rfm') return { ...how, sums: [...how.sums, Math.max(3, (how.sums.at(-1) ?? 5) - 2)] }
  if (how.type !== 'value') return how
  const last = how.limits.at(-1) ?? 2
  const share = how.shares.at(-1)
  return {
    ...how,
    limits: [...how.limits, Math.max(1, Math.floor(last / 2))],
    shares: share === undefined ? [] : [...how.shares, Math.round((1 + share) * 50) / 100],
  }
}

export const withLevel = (draft: Draft, name: string): Draft =>
  draft.levels.length >= mostLevels
    ? draft
    : {
        ...draft,
        levels: [...draft.levels, { key: freeKey(draft.levels), name, tier: 'C' }],
        how: withLimit(draft.how),
      }

const without = <T>(list: readonly T[], index: number): T[] => list.filter((_one, i) => i !== index)

/** Takes a level out, with the limit above it (the first: below it); whatever led to it leads to its neighbour. */
export const withoutLevel = (draft: Draft, index: number): Draft => {
  const gone = draft.levels[index]
  const levels = without(draft.levels, index)
  const heir = levels[Math.min(index, levels.length - 1)]
  if (gone === undefined || heir === undefined || levels.length < fewestLevels) return draft
  const limit = Math.max(0, index - 1)
  const to = (key: string): string => (key === gone.key ? heir.key : key)
  const { how } = draft
  switch (how.type) {
    case 'rfm':
      return { ...draft, levels, how: { ...how, sums: without(how.sums, limit) } }
    case 'value':
      return {
        ...draft,
        levels,
        how: { ...how, limits: without(how.limits, limit), shares: without(how.shares, limit) },
      }
    case 'lifecycle': {
      const { potential, new: fresh, active, mature, silent, lost } = how.levels
      return {
        ...draft,
        levels,
        how: {
          ...how,
          levels: {
            potential: to(potential),
            new: to(fresh),
            active: to(active),
            mature: to(mature),
            silent: to(silent),
            lost: to(lost),
          },
        },
      }
    }
    case 'table':
      return {
        ...draft,
        levels,
        how: {
          ...how,
          rows: how.rows.map((row) => ({ ...row, level: to(row.level) })),
          otherwise: to(how.otherwise),
        },
      }
  }
}

/** Nothing is missing that the server would have to refuse at once. */
export const isWhole = ({ name, levels, how }: Draft): boolean =>
  name.trim() !== '' &&
  levels.every((level) => level.name.trim() !== '') &&
  (how.type !== 'table' || how.rows.every(({ condition }) => gapsOfCondition(condition).length === 0))

export const allStages = stages

/** Whether some limits are the same: then the lower of their scores, or levels, has nobody. */
export const hasTies = (limits: readonly number[]): boolean => new Set(limits).size < limits.length

/** A figure of a list in its place. */
export const replaced = <T>(list: readonly T[], index: number, value: T): T[] =>
  list.map((one, i) => (i === index ? value : one))
