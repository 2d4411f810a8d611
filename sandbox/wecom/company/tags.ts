import { prefixedId } from '../ids.ts'
import type { TagGroupRow, TagRow } from '../store/rows.ts'
import type { World } from '../world.ts'

/** The group of that name which is not deleted: of the corp, or of a strategy. */
export function groupNamed(world: World, name: string, strategyId?: number): TagGroupRow | undefined {
  return [...world.store.tagGroups.values()].find(
    (group) => !group.deleted && group.name === name && group.strategy_id === strategyId,
  )
}

/** A group's tags that are not deleted, largest order first, as the platform lists them. */
export function tagsOf(world: World, groupId: string, deletedToo = false): TagRow[] {
  return [...world.store.tags.values()]
    .filter((tag) => tag.group_id === groupId && (deletedToo || !tag.deleted))
    .toSorted((a, b) => b.order - a.order)
}

/** A new, empty group (its tags follow at once: groups are never left empty). */
export function createTagGroup(world: World, name: string, order: number, strategyId?: number): TagGroupRow {
  const group: TagGroupRow = { id: prefixedId('et'), name, order, create_time: world.clock.now(), deleted: false }
  if (strategyId !== undefined) group.strategy_id = strategyId
  return world.store.tagGroups.set(group.id, group)
}

/** A new tag in a group. */
export function createTag(world: World, group: TagGroupRow, name: string, order: number): TagRow {
  const tag: TagRow = {
    id: prefixedId('et'),
    name,
    order,
    create_time: world.clock.now(),
    deleted: false,
    group_id: group.id,
  }
  if (group.strategy_id !== undefined) tag.strategy_id = group.strategy_id
  return world.store.tags.set(tag.id, tag)
}

/** Deletes a tag everywhere; a group vanishes with its last tag. Tells whether the group went too. */
export function deleteTag(world: World, tag: TagRow): boolean {
  world.store.tags.set(tag.id, { ...tag, deleted: true })
  for (const relation of world.relations.all()) {
    if (relation.tags.includes(tag.id))
      world.relations.set({ ...relation, tags: relation.tags.filter((id) => id !== tag.id) })
  }
  const group = world.store.tagGroups.get(tag.group_id)
  if (!group || tagsOf(world, group.id).length > 0) return false
  world.store.tagGroups.set(group.id, { ...group, deleted: true })
  return true
}

/** Deletes a group with all its tags. */
export function deleteTagGroup(world: World, group: TagGroupRow): void {
  for (const tag of tagsOf(world, group.id)) deleteTag(world, tag)
  world.store.tagGroups.set(group.id, { ...group, deleted: true })
}
