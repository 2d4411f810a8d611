import type { Fact } from '@zhiyin/shared/fact'
import type { EventMatch, FieldTest } from '@zhiyin/shared/rule'

type Value = string | number | boolean

const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** The values of a field of an event: one, several (of the lines of an order), or none. */
const valuesOf = (fact: Fact, field: string): Value[] => {
  switch (fact.type) {
    case 'order.completed': {
      const { products, amount, currency, orderId } = fact.payload
      const of = { amount, currency, orderId }
      const lines = products.map(({ id, name, category, brand }) => ({ product: [id, name], category, brand }))
      const found = field in of ? Object.entries(of).filter(([key]) => key === field) : lines.flatMap(Object.entries)
      return found
        .filter(([key]) => key === field)
        .flatMap(([, value]: [string, unknown]) => [value].flat().filter(isValue))
    }
    case 'behavior.tracked': {
      const value = Object.hasOwn(fact.payload.properties, field) ? fact.payload.properties[field] : undefined
      return [value].flat().filter(isValue)
    }
    default: {
      const found = Object.entries(fact.payload).find(([key]) => key === field)
      return [found?.[1]].flat().filter(isValue)
    }
  }
}

const lower = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value)

const passes = (value: Value, { test }: FieldTest): boolean => {
  switch (test.op) {
    case 'is':
      return test.values.some((wanted) => lower(wanted) === lower(value))
    case 'contains':
      return String(value).toLowerCase().includes(test.text.toLowerCase())
    case 'at_least':
      return typeof value === 'number' && value >= test.value
    case 'at_most':
      return typeof value === 'number' && value <= test.value
  }
}

/** Whether a fact is the event asked for, with every field as asked. */
export const matchesEvent = ({ event, name, where }: EventMatch, fact: Fact): boolean => {
  if (fact.type !== event) return false
  const named = name !== undefined && name !== ''
  if (named && fact.type === 'behavior.tracked' && fact.payload.name !== name) return false
  return where.every((test) => valuesOf(fact, test.field).some((value) => passes(value, test)))
}
