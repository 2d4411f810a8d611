import { because, type Because } from '@zhiyin/shared/because'
import type { Stage } from '@zhiyin/shared/stage'
import type { TierHow, TierScheme } from '@zhiyin/shared/tier-scheme'
import type { Around, Raw } from './level.ts'

type Lifecycle = Extract<TierHow, { type: 'lifecycle' }>
type Table = Extract<TierHow, { type: 'table' }>

const placeOf = ({ levels }: TierScheme, key: string): number => {
  const place = levels.findIndex((level) => level.key === key)
  return place === -1 ? levels.length - 1 : place
}

/** The stages a customer can come to by what they do: nobody becomes unknown again, and whoever has begun is new no more. */
const open: Readonly<Record<Stage, readonly Stage[]>> = {
  potential: ['new', 'active'],
  new: ['active', 'mature'],
  active: ['mature'],
  mature: ['active'],
  silent: ['active', 'mature'],
  lost: ['active', 'mature'],
}

type Here = Pick<Around, 'stage' | 'stageTakes'>

/** Of the better levels a stage can still lead to, the nearest. */
const nextStage = (how: Lifecycle, scheme: TierScheme, place: number, { stage, stageTakes }: Here): Because[] => {
  const better = open[stage.stage]
    .map((to) => ({ to, place: placeOf(scheme, how.levels[to]) }))
    .filter((one) => one.place < place)
    .sort((a, b) => b.place - a.place)
  const [nearest] = better
  const level = nearest === undefined ? undefined : scheme.levels[nearest.place]
  return nearest === undefined || level === undefined
    ? []
    : [because('tier.next_stage', { stage: nearest.to, to: level.name }), ...stageTakes(nearest.to)]
}

/** Of the rows before the one that holds, those of the nearest better level; of the first of them the parts that fail. */
const nextRow = (how: Table, scheme: TierScheme, place: number, before: number, around: Around): Because[] => {
  const better = how.rows
    .slice(0, before)
    .map((row) => ({ row, place: placeOf(scheme, row.level) }))
    .filter((one) => one.place < place)
  const nearest = Math.max(...better.map((one) => one.place))
  const first = better.find((one) => one.place === nearest)
  const level = scheme.levels[nearest]
  if (first === undefined || level === undefined) return []
  return [because('tier.next_row', { to: level.name }), ...around.why(first.row.condition)]
}

/** The first row that holds; null where none does. */
const rowOf = (how: Table, around: Around): number | null => {
  const found = how.rows.findIndex(({ condition }) => around.meets(condition))
  return found === -1 ? null : found
}

const placeOfRow = (how: Table, scheme: TierScheme, row: number | null): number =>
  placeOf(scheme, (row === null ? undefined : how.rows[row]?.level) ?? how.otherwise)

/** The place among the levels, by stage or by the first row that holds. */
export const otherPlace = (how: Lifecycle | Table, scheme: TierScheme, around: Around): number =>
  how.type === 'lifecycle'
    ? placeOf(scheme, how.levels[around.stage.stage])
    : placeOfRow(how, scheme, rowOf(how, around))

/** The level by stage, or by the first row that holds; why, and what would move the customer up. */
export const otherLevel = (how: Lifecycle | Table, scheme: TierScheme, around: Around): Raw => {
  if (how.type === 'lifecycle') {
    const { stage, because: reasons } = around.stage
    const place = otherPlace(how, scheme, around)
    const why = [because('tier.by_stage', { stage }), ...reasons]
    return { place, because: why, next: nextStage(how, scheme, place, around), rfm: null }
  }
  const row = rowOf(how, around)
  const place = placeOfRow(how, scheme, row)
  const holds = row === null ? undefined : how.rows[row]
  return {
    place,
    because: holds === undefined ? [because('tier.otherwise')] : around.why(holds.condition),
    next: nextRow(how, scheme, place, row ?? how.rows.length, around),
    rfm: null,
  }
}
