import { hash } from 'node:crypto'

/** What identifies a callback: everything WeCom said inside the envelope. */
export type Identity = {
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly createTime: Date | null
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** JSON with sorted names, so that the order of the XML does not matter. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  const names = Object.keys(value).toSorted()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`
}

/**
 * The key of a callback: SHA-256 over event, time and every field. Retries repeat the content (callbacks.md §6), while two customers
 * added by one member in the same second differ in their id.
 */
export const keyOf = ({ event, fields, createTime }: Identity): string =>
  hash('sha256', canonical({ event, fields, at: createTime?.getTime() ?? null }))
