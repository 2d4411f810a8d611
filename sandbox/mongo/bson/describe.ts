import { bsonType, isDoc, asText } from './values.ts'

/** A value as MongoDB writes it inside error messages: `"x"`, `5`, `ObjectId('…')`, `{ a: 1 }`. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || value === undefined) return value === null ? 'null' : 'undefined'
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(describe).join(', ')} ]`
  if (value instanceof Date) return `new Date(${value.getTime()})`
  if (isDoc(value)) {
    const fields = Object.entries(value).map(([name, item]) => `${name}: ${describe(item)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  switch (bsonType(value)) {
    case 'objectId':
      return `ObjectId('${asText(value)}')`
    case 'decimal':
      return `Decimal128('${asText(value)}')`
    case 'binData':
      return `BinData(0, ...)`
    case 'regex':
      return value instanceof RegExp ? asText(value) : describeRegex(value)
    case 'minKey':
      return 'MinKey'
    case 'maxKey':
      return 'MaxKey'
    default:
      return asText(value)
  }
}

function describeRegex(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('pattern' in value) || !('options' in value)) return '//'
  return `/${String(value.pattern)}/${String(value.options)}`
}
