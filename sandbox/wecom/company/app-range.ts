import type { World } from '../world.ts'
import { appOf } from './agent.ts'
import { departmentTree } from './members.ts'

/** Whom the holder of a token may see: the app what an admin has made visible to it, the system's own secrets everybody. */
export interface AppRange {
  hasMember(userid: string): boolean
  hasDepartment(id: number): boolean
}

const EVERYBODY: AppRange = { hasMember: () => true, hasDepartment: () => true }

/** @param secret whose token it is */
export function rangeOf(world: World, secret: string | null): AppRange {
  const { range } = appOf(world)
  if (secret !== 'agent' || range === undefined) return EVERYBODY
  const parties = new Set(range.parties.flatMap((id) => departmentTree(world, id).map((one) => one.id)))
  return {
    hasMember: (userid) =>
      range.users.includes(userid) ||
      (world.store.members.get(userid)?.department.some((id) => parties.has(id)) ?? false),
    hasDepartment: (id) => parties.has(id),
  }
}

/** An admin chooses who sees the app; null: everybody. */
export function setRange(world: World, range: { users: string[]; parties: number[] } | null): void {
  const { range: _old, ...app } = appOf(world)
  world.store.app.set('app', range === null ? app : { ...app, range })
}
