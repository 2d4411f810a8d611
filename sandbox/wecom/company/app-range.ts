import type { World } from '../world.ts'
import { appOf } from './agent.ts'
import { activeMembers, departmentTree, fromMember } from './members.ts'

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

/**
 * Does something that may change who sees the app; `subscribe` fires for each who comes into its visible range by it, `unsubscribe` for each
 * who leaves.
 */
export function watchRange<T>(world: World, act: () => T): T {
  const before = visibleMembers(world)
  const result = act()
  const after = visibleMembers(world)
  for (const id of after) if (!before.has(id)) world.callbacks.emit(fromMember(world, id, 'subscribe'))
  for (const id of before) if (!after.has(id)) world.callbacks.emit(fromMember(world, id, 'unsubscribe'))
  return result
}

function visibleMembers(world: World): Set<string> {
  const range = rangeOf(world, 'agent')
  return new Set(activeMembers(world).flatMap(({ userid }) => (range.hasMember(userid) ? [userid] : [])))
}

/** An admin chooses who sees the app; null: everybody. */
export function setRange(world: World, range: { users: string[]; parties: number[] } | null): void {
  const { range: _old, ...app } = appOf(world)
  world.store.app.set('app', range === null ? app : { ...app, range })
}
