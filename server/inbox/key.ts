import { hash } from 'node:crypto'

/** What identifies a callback: everything WeCom said inside the envelope. */
export type Identity = {
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly createTime: Date | null
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same value with names and values in one list sorted by name, so that the order of the XML does not matter. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isRecord(value)) return value
  const names = Object.keys(value).sort()
  return { o: names.flatMap((name) => [name, inOrder(value[name])]) }
}

/** Nearly every event is a flat list of texts; sorting its names is all there is to do. */
const textOf = (fields: Identity['fields']): string => {
  const names = Object.keys(fields).sort()
  return names.every((name) => typeof fields[name] === 'string')
    ? JSON.stringify(fields, names)
    : JSON.stringify(inOrder(fields))
}

/**
 * The key of a callback: SHA-256 over event, time and every field. Retries repeat the content (callbacks.md §6), while two customers
 * added by one member in the same second differ in their id.
 */
export const keyOf = ({ event, fields, createTime }: Identity): string =>
  hash('sha256', `${event} ${createTime?.getTime() ?? ''} ${textOf(fields)}`)
