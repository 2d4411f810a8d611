import { leavesOf } from '@zhiyin/shared/condition'
import type { ErrorCode } from '@zhiyin/shared/errors'
import { stages } from '@zhiyin/shared/stage'
import type { Params } from '@zhiyin/shared/text'
import { canHold, type TierHow, type TierScheme } from '@zhiyin/shared/tier-scheme'
import { AppError } from '../platform/errors.ts'
import { orderOf } from '../profile/read.ts'
import { withScheme } from '../profile/levels/read.ts'
import type { Definitions } from '../profile/types.ts'
import type { Asking } from './types.ts'

const refuse = (code: ErrorCode, params: Params = {}, status = 422): AppError => new AppError(code, { status, params })

const rises = (limits: readonly number[]): boolean =>
  limits.every((limit, i) => i === 0 || limit > (limits[i - 1] ?? 0))
/** Limits may be the same, as quantiles are where many bought as much: whoever reaches it has the best of what it gives. */
const climbs = (limits: readonly number[]): boolean =>
  limits.every((limit, i) => i === 0 || limit >= (limits[i - 1] ?? 0))
const reversed = (limits: readonly number[]): number[] => [...limits].reverse()

const checkRfm = (how: Extract<TierHow, { type: 'rfm' }>, levels: number): void => {
  const { windowDays, recencyDays, frequency, monetary, sums } = how
  for (const [measure, limits] of Object.entries({ recency: recencyDays, frequency, monetary }))
    if (!climbs(limits) || (limits[0] ?? 0) < 0) throw refuse('scheme.limits_rise', { measure, count: limits.length })
  if (recencyDays[3] > windowDays) throw refuse('scheme.beyond_window', { days: recencyDays[3], window: windowDays })
  if (sums.length !== levels - 1) throw refuse('scheme.limit_count', { levels, want: levels - 1, have: sums.length })
  if (!rises(reversed(sums))) throw refuse('scheme.sums_fall')
}

const checkValue = ({ limits, shares, mode }: Extract<TierHow, { type: 'value' }>, levels: number): void => {
  if (limits.length !== levels - 1)
    throw refuse('scheme.limit_count', { levels, want: levels - 1, have: limits.length })
  if (!climbs(reversed(limits)) || limits.some((limit) => limit <= 0)) throw refuse('scheme.limits_fall')
  if (mode === 'fixed' && shares.length === 0) return
  const inside = shares.every((share) => share > 0 && share < 1)
  if (shares.length !== levels - 1 || !rises(shares) || !inside) throw refuse('scheme.shares', { want: levels - 1 })
}

/** Every level that is named is there, and every level is named: one that nobody can be on is a mistake. */
const checkNamed = ({ levels, how }: TierScheme): void => {
  if (how.type === 'rfm' || how.type === 'value') return
  const named =
    how.type === 'table'
      ? [...how.rows.map(({ level }) => level), how.otherwise]
      : stages.map((stage) => how.levels[stage])
  const lost = named.find((key) => !levels.some((level) => level.key === key))
  if (lost !== undefined) throw refuse('scheme.level_unknown', { level: lost })
  const unused = levels.find(({ key }) => !named.includes(key))
  if (unused !== undefined) throw refuse('scheme.level_unused', { level: unused.name })
}

/** Throws scheme.level_twice, no_hold, limits_rise, limits_fall, sums_fall, limit_count, beyond_window, shares, level_unknown, level_unused. */
export const checkShape = (scheme: TierScheme): void => {
  const { levels, how } = scheme
  for (const of of ['key', 'name'] as const) {
    const twice = levels.find((level, i) => levels.some((other, n) => n < i && other[of] === level[of]))
    if (twice !== undefined) throw refuse('scheme.level_twice', { name: twice[of] })
  }
  if (scheme.holdDays > 0 && !canHold(scheme)) throw refuse('scheme.no_hold')
  if (how.type === 'rfm') checkRfm(how, levels.length)
  if (how.type === 'value') checkValue(how, levels.length)
  checkNamed(scheme)
}

/** What the rows of a table ask for that is not there. */
const missingIn = ({ how }: TierScheme, { attributes, segments, schemes }: Definitions): string | null => {
  if (how.type !== 'table') return null
  for (const leaf of how.rows.flatMap(({ condition }) => leavesOf(condition))) {
    if (leaf.type === 'segment' && !segments.some(({ id }) => id === leaf.segmentId)) return leaf.segment
    if (leaf.type === 'attribute' && !attributes.some(({ key }) => key === leaf.key)) return leaf.name ?? leaf.key
    if (leaf.type !== 'level') continue
    const asked = schemes.find(({ id }) => id === leaf.schemeId)
    const keys = new Set(asked?.levels.map(({ key }) => key))
    if (!leaf.in.every((key) => keys.has(key))) return leaf.scheme ?? asked?.name ?? leaf.schemeId
  }
  return null
}

const nameIn = ({ schemes, segments, tagRules }: Definitions, key: string): string => {
  const names = new Map<string, string>([
    ...schemes.map((one) => [`scheme:${one.id}`, one.name] as const),
    ...segments.map((one) => [`segment:${one.id}`, one.name] as const),
    ...tagRules.map((one) => [`tag:${one.id}`, one.name] as const),
  ])
  return names.get(key) ?? key
}

/** Throws scheme.circle when schemes, rules and segments would ask for each other. */
export const refuseCircle = (definitions: Definitions): void => {
  const { circle } = orderOf(definitions)
  if (circle.length === 0) return
  throw refuse('scheme.circle', { names: circle.map((key) => `「${nameIn(definitions, key)}」`).join('、') })
}

/** Throws scheme.asks_unknown and scheme.circle, and what `checkShape` throws. */
export const checkScheme = (scheme: TierScheme, definitions: Definitions): void => {
  checkShape(scheme)
  const next = withScheme(definitions, scheme)
  const missing = missingIn(scheme, next)
  if (missing !== null) throw refuse('scheme.asks_unknown', { name: missing })
  refuseCircle(next)
}

/** Throws scheme.in_use when something asks for levels of a scheme: for any, or for those that are to go. */
export const refuseAsked = (
  { id, name }: TierScheme,
  gone: readonly string[] | null,
  asking: readonly Asking[],
): void => {
  const asks = ({ kind, id: own, conditions }: Asking): boolean =>
    !(kind === 'scheme' && own === id) &&
    conditions
      .flatMap(leavesOf)
      .some(
        (leaf) =>
          leaf.type === 'level' && leaf.schemeId === id && (gone === null || leaf.in.some((key) => gone.includes(key))),
      )
  const uses = asking.filter(asks)
  if (uses.length === 0) return
  const shown = uses.slice(0, 5).map((use) => `「${use.name}」`)
  throw refuse('scheme.in_use', { name, uses: `${shown.join('、')}${uses.length > shown.length ? '…' : ''}` }, 409)
}
