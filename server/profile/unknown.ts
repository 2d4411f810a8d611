import type { AttributeType } from '@zhiyin/shared/attribute'
import { isSealed } from '../platform/vault.ts'
import type { Said } from './said.ts'
import { isPersonal } from './state/traits.ts'

const shapes = ['boolean', 'number', 'date', 'list', 'text'] as const
type Shape = (typeof shapes)[number]

/** A trait that nobody has defined: how many customers have it, what its values look like, and the values while they are few. */
export type UnknownTally = {
  readonly key: string
  readonly customers: number
  readonly shapes: Readonly<Record<Shape, number>>
  readonly values: readonly string[] | null
}

const mostKeys = 200
const mostValues = 12
const longestValue = 60
const nothing = { customers: 0, shapes: { boolean: 0, number: 0, date: 0, list: 0, text: 0 }, values: [] }

const shapeOf = (value: unknown): Shape => {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return 'number'
  if (typeof value !== 'string') return 'list'
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) return 'date'
  // A long row of digits, or one that begins with a nought, is a number of something and no quantity.
  return /^-?(0|[1-9]\d{0,8})(\.\d+)?$/.test(value) ? 'number' : 'text'
}

const valuesWith = (values: readonly string[] | null, value: unknown): readonly string[] | null => {
  if (values === null || typeof value !== 'string' || value.length > longestValue) return null
  const some = values.includes(value) ? values : [...values, value]
  return some.length > mostValues ? null : some
}

const withOne = (tally: UnknownTally, value: unknown): UnknownTally => {
  const shape = shapeOf(value)
  return {
    key: tally.key,
    customers: tally.customers + 1,
    shapes: { ...tally.shapes, [shape]: tally.shapes[shape] + 1 },
    values: valuesWith(tally.values, value),
  }
}

/** The tallies with what one customer's sources say; where to reach somebody, and what is sealed, is left alone. */
export const withUnknown = (tallies: readonly UnknownTally[], said: readonly Said[]): readonly UnknownTally[] => {
  const byKey = new Map(tallies.map((tally) => [tally.key, tally]))
  for (const { key, attribute, best } of said) {
    const isHidden = isPersonal(key) || (typeof best.value === 'string' && isSealed(best.value))
    const held = byKey.get(key)
    if (attribute !== null || isHidden || (held === undefined && byKey.size >= mostKeys)) continue
    byKey.set(key, withOne(held ?? { key, ...nothing }, best.value))
  }
  return [...byKey.values()]
}

/** The type that suits what was seen of a trait, with the choices where there are few values that come again and again. */
export const looksLike = ({
  customers,
  shapes: seen,
  values,
}: UnknownTally): { type: AttributeType; choices: string[] } => {
  const most = shapes.find((shape) => seen[shape] >= customers * 0.95) ?? (seen.list > 0 ? 'list' : 'text')
  if (most !== 'text') return { type: most, choices: [] }
  const isChosen = values !== null && values.length > 1 && customers >= values.length * 2
  return isChosen ? { type: 'choice', choices: values.toSorted() } : { type: 'text', choices: [] }
}
