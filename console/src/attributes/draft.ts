import {
  attributeKey,
  isOfOrders,
  orderProperties,
  type Attribute,
  type AttributeType,
  type Computation,
} from '@zhiyin/shared/attribute'
import type { AttributeRow } from '@zhiyin/shared/api/attributes'

/** An attribute being written; `computed` keeps the computation while it is switched off. */
export type AttributeDraft = Omit<Attribute, 'nameEn' | 'computation'> & {
  nameEn: string
  computed: boolean
  computation: Computation
}

export const computationTypes = [
  'count',
  'sum',
  'average',
  'first',
  'last',
  'top',
  'unique',
  'ratio',
  'median_gap',
] as const satisfies readonly Computation['type'][]

type Of = Computation['of']
const orders: Of = { event: 'order.completed', where: [] }
const propertyIn = (before: Computation | null): string =>
  (before !== null && 'property' in before ? before.property : null) ?? 'amount'
const windowIn = (before: Computation | null): number | null =>
  before !== null && 'windowDays' in before ? before.windowDays : 90

/** A computation of another kind, with what it shares with the one before. */
export const computationOf = (type: Computation['type'], before: Computation | null): Computation => {
  const of = before?.of ?? orders
  const windowDays = windowIn(before)
  const property = propertyIn(before)
  switch (type) {
    case 'count':
      return { type, of, windowDays }
    case 'sum':
    case 'average':
      return { type, of, property, windowDays }
    case 'first':
    case 'last':
      return { type, of, property: null }
    case 'top':
      return { type, of, property: property === 'amount' ? 'category' : property, most: 3, windowDays }
    case 'unique':
      return { type, of, property: property === 'amount' ? 'category' : property, windowDays }
    case 'ratio':
      return { type, of, to: { event: 'order.refunded', where: [] }, windowDays }
    case 'median_gap':
      return { type, of }
  }
}

/** The same of another kind of event, with a property that kind has. */
export const fitted = (computation: Computation): Computation => {
  if (!('property' in computation) || computation.property === null || !isOfOrders(computation.of.event))
    return computation
  if (orderProperties[computation.of.event].includes(computation.property)) return computation
  const property = computation.type === 'sum' || computation.type === 'average' ? 'amount' : 'category'
  return { ...computation, property }
}

/** The type a computation comes to; null where the property may be of any. */
export const typeOf = (computation: Computation): AttributeType | null => {
  switch (computation.type) {
    case 'count':
    case 'unique':
    case 'ratio':
    case 'median_gap':
      return 'number'
    case 'sum':
    case 'average':
      return computation.property === 'amount' ? 'money' : 'number'
    case 'top':
      return 'list'
    case 'first':
    case 'last':
      return computation.property === null ? 'date' : null
  }
}

export const emptyAttribute = (): AttributeDraft => ({
  key: '',
  name: '',
  nameEn: '',
  layer: 'basic',
  type: 'text',
  choices: [],
  sensitivity: 'open',
  sources: [],
  computed: false,
  computation: computationOf('count', null),
})

export const draftOfAttribute = (row: AttributeRow): AttributeDraft => ({
  key: row.key,
  name: row.name,
  nameEn: row.nameEn ?? '',
  layer: row.layer,
  type: row.type,
  choices: [...row.choices],
  sensitivity: row.sensitivity,
  sources: [...row.sources],
  computed: row.computation !== null,
  computation: row.computation ?? computationOf('count', null),
})

export const attributeInput = ({ computed, computation, nameEn, ...rest }: AttributeDraft): Attribute => ({
  ...rest,
  name: rest.name.trim(),
  ...(nameEn.trim() === '' ? {} : { nameEn: nameEn.trim() }),
  choices: rest.type === 'choice' ? rest.choices : [],
  computation: computed ? computation : null,
})

/** What is still missing or wrong, by the name of its words. */
export const gapOf = ({ key, name, type, choices, computed, computation }: AttributeDraft): string | null => {
  if (name.trim() === '') return 'name'
  if (!attributeKey.test(key)) return 'key'
  if (type === 'choice' && choices.length === 0) return 'choices'
  if (!computed) return null
  if ('property' in computation && computation.property !== null && computation.property.trim() === '')
    return 'property'
  const refs = computation.type === 'ratio' ? [computation.of, computation.to] : [computation.of]
  const open = refs.some(({ where }) => where.some(({ property, is }) => property.trim() === '' || is.length === 0))
  return open ? 'where' : null
}

/** A key out of a name: `Skin type` → `skin_type`, `肤质（自述）` → `肤质_自述`; '' where there is none in it. */
export const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, '_')
    .replace(/^[^\p{L}\p{N}]+|_+$/gu, '')
    .slice(0, 64)
