const deepest = 8
const longest = 4000

const safeKey = (key: string): string => key.replace(/\0/g, '').replace(/^\$+/, '_').replace(/\./g, '_').slice(0, 200)

/** Properties as MongoDB may keep them under any name: no NUL, `$` or dot in a key, no endless depth, no endless text. */
export const plain = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return value.slice(0, longest)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= deepest) return '…'
  return Array.isArray(value) ? value.map((part) => plain(part, depth + 1)) : plainRecord(value, depth + 1)
}

export const plainRecord = (record: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => safeKey(key) !== '' && key !== '__proto__')
      .map(([key, value]) => [safeKey(key), plain(value, depth)]),
  )
