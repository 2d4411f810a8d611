type Node = { readonly _id: number; readonly parentId: number }

/** These departments and all below them. */
export const subtreesOf = (departments: readonly Node[], roots: readonly number[]): Set<number> => {
  const inside = new Set(roots)
  const below = new Map<number, number[]>()
  for (const { _id, parentId } of departments) below.set(parentId, [...(below.get(parentId) ?? []), _id])
  const open = [...inside]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const child of below.get(id) ?? []) {
      if (inside.has(child)) continue
      inside.add(child)
      open.push(child)
    }
  }
  return inside
}

/** Whether these departments are all there are. */
export const holdsAll = (departments: readonly Node[], inside: ReadonlySet<number>): boolean =>
  departments.length > 0 && departments.every(({ _id }) => inside.has(_id))
