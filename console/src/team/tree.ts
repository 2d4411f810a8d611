import type { Department, Member } from '@zhiyin/shared/api/members'

/** A department with who is in it: its name with those above it, and its members. `id` 0: members of no department we see. */
export type TeamGroup = { readonly id: number; readonly path: readonly string[]; readonly members: readonly Member[] }

/** Departments from the top down, each before those below it, in WeCom's order. One whose parent is not here is a top. */
export const inTreeOrder = (departments: readonly Department[]): { id: number; path: string[] }[] => {
  const ids = new Set(departments.map(({ id }) => id))
  const below = (parent: number | null, above: readonly string[]): { id: number; path: string[] }[] =>
    departments
      .filter(({ parentId, id }) =>
        parent === null ? !ids.has(parentId) || parentId === id : parentId === parent && id !== parent,
      )
      .flatMap(({ id, name }) => {
        const path = [...above, name]
        return [{ id, path }, ...below(id, path)]
      })
  return below(null, [])
}

/** Everybody who is here under their first department, leaders first; departments without anybody are left out. */
export const teamOf = (members: readonly Member[], departments: readonly Department[]): TeamGroup[] => {
  const known = new Set(departments.map(({ id }) => id))
  const homeOf = ({ departments: own }: Member): number => own.find((id) => known.has(id)) ?? 0
  const groups = [...inTreeOrder(departments), { id: 0, path: [] }].map(({ id, path }) => {
    const here = members.filter((member) => member.active && homeOf(member) === id)
    return { id, path, members: here.toSorted((a, b) => Number(b.leads.includes(id)) - Number(a.leads.includes(id))) }
  })
  return groups.filter((group) => group.members.length > 0)
}
