/** The given fields without those left out. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept: { [K in keyof T]?: Exclude<T[K], undefined> } = {}
  for (const key in fields) {
    const value = fields[key]
    if (isGiven(value)) kept[key] = value
  }
  return kept
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined
}
