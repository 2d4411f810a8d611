import { hiddenValue } from '../platform/personal.ts'
import type { IsSensitive } from '../platform/vault.ts'

/** Where facts and profiles keep what is said of attributes: as fields at any depth, or as entries of `key` and `value`. */
const holders: ReadonlySet<string> = new Set(['traits', 'properties'])

const hide = (value: unknown, isSensitive: IsSensitive, held: boolean): void => {
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return
  const entry: unknown = Reflect.get(value, 'key')
  const says = held && typeof entry === 'string' && isSensitive(entry)
  for (const [name, part] of Object.entries(value)) {
    const marked = held && (isSensitive(name) || (says && name === 'value'))
    if (marked && part !== null) Reflect.set(value, name, hiddenValue)
    else hide(part, isSensitive, held || holders.has(name))
  }
}

/** A copy without what is said of the attributes that managers have marked as sensitive. */
export const withoutMarked = <T extends object>(value: T, isSensitive: IsSensitive): T => {
  const copy = structuredClone(value)
  hide(copy, isSensitive, false)
  return copy
}
