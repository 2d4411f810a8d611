export type By = 'first' | 'earlier' | 'later'

/** The ids with one of them moved; at an end nothing moves. */
export const moved = (ids: readonly string[], id: string, by: By): string[] => {
  const at = ids.indexOf(id)
  const rest = ids.filter((one) => one !== id)
  if (at === -1) return rest
  const to = by === 'first' ? 0 : Math.max(0, by === 'earlier' ? at - 1 : at + 1)
  return [...rest.slice(0, to), id, ...rest.slice(to)]
}
