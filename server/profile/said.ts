import type { Attribute, AttributeValue } from '@zhiyin/shared/attribute'
import type { ValueProblem, ValueSource } from '@zhiyin/shared/customer'
import { indexOf } from '../platform/vault.ts'
import type { Reach } from './computed/value.ts'
import type { Told } from './told.ts'
import { confidenceOf, isStated, type SaidTrait } from './traits-of.ts'
import { typed } from './typed.ts'

/** One value somebody or something says. `problem`: it is none of its attribute's and stands as it came. */
export type Value = {
  readonly value: AttributeValue
  readonly problem: ValueProblem | null
  readonly source: ValueSource
  readonly at: Date | null
  readonly confidence: number
  readonly stated: boolean
  readonly by: string | null
  /** How far it is exact, where it was computed. */
  readonly reach: Reach | null
}

/** What is said of one attribute: the value that counts, and those that disagree with it, the stronger first. */
export type Said = {
  readonly key: string
  readonly attribute: Attribute | null
  readonly best: Value
  readonly others: readonly Value[]
}

const ofTrait = ({ value, source, at, by }: SaidTrait, attribute: Attribute | null, zone: string): Value => {
  const found = attribute === null ? { value } : typed(value, attribute, { source, zone })
  return {
    ...('value' in found ? { value: found.value, problem: null } : { value, problem: found.problem }),
    source,
    at,
    confidence: confidenceOf[source],
    stated: isStated(source),
    by,
    reach: null,
  }
}

/** What reps note in WeCom is written as anything is; the rest is of its attribute's type as it is told. */
const ofTold = ({ value, source, at, reach, sure }: Told, attribute: Attribute | null, zone: string): Value => {
  const found = attribute === null || typeof value !== 'string' ? { value } : typed(value, attribute, { source, zone })
  return {
    ...('value' in found ? { value: found.value, problem: null } : { value, problem: found.problem }),
    source,
    at,
    confidence: sure ?? 1,
    stated: false,
    by: null,
    reach: reach ?? null,
  }
}

const timeOf = ({ at }: Value): number => at?.getTime() ?? 0

/**
 * The stronger first: what is one of the attribute's values, then what was stated, then of what nobody stated the source the
 * attribute names earlier, then the newer. The customer's own word wins a tie with a rep's.
 */
const strongest =
  (sources: readonly ValueSource[]) =>
  (a: Value, b: Value): number => {
    const rank = ({ source }: Value): number => (sources.includes(source) ? sources.indexOf(source) : sources.length)
    return (
      Number(a.problem !== null) - Number(b.problem !== null) ||
      Number(b.stated) - Number(a.stated) ||
      (a.stated ? 0 : rank(a) - rank(b)) ||
      timeOf(b) - timeOf(a) ||
      b.confidence - a.confidence ||
      (a.source < b.source ? -1 : 1)
    )
  }

/** Sealed ones by their blind index, which is of their normal form. */
const same = (a: AttributeValue, b: AttributeValue): boolean => {
  if (a === b) return true
  if (typeof a === 'object' && typeof b === 'object') return JSON.stringify(a) === JSON.stringify(b)
  const index = typeof a === 'string' && typeof b === 'string' ? indexOf(a) : null
  return index !== null && index === indexOf(String(b))
}

const noOthers: readonly Value[] = []

/**
 * Weighs everything that is said of an attribute, `known` by what happened and `computed` as managers defined; null where nothing is.
 * `zone`: of times that name none.
 */
export const weigh = (
  key: string,
  attribute: Attribute | null,
  traits: readonly SaidTrait[],
  known: Told | null,
  computed: Told | null,
  zone: string,
): Said | null => {
  const told = known ?? computed
  if (traits.length === 0 && told === null) return null
  // Of most attributes one value is known, and nothing disagrees with it.
  if (traits.length === 0 && told !== null && (known === null || computed === null))
    return { key, attribute, best: ofTold(told, attribute, zone), others: noOthers }
  const values = traits.map((trait) => ofTrait(trait, attribute, zone))
  if (known !== null) values.push(ofTold(known, attribute, zone))
  if (computed !== null) values.push(ofTold(computed, attribute, zone))
  const [best, ...rest] = values.length > 1 ? values.sort(strongest(attribute?.sources ?? [])) : values
  if (best === undefined) return null
  return { key, attribute, best, others: rest.filter((one) => one.problem !== null || !same(one.value, best.value)) }
}

/** Whether sources disagree on a value, and whether one of them says what is none of the attribute's. */
export const hasConflict = ({ others }: Said): boolean => others.some(({ problem }) => problem === null)
export const hasReject = ({ best, others }: Said): boolean =>
  best.problem !== null || others.some(({ problem }) => problem !== null)
