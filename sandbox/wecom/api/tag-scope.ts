import { createTag, createTagGroup, deleteTag, deleteTagGroup, groupNamed, tagsOf } from '../company/tags.ts'
import type { TagGroupRow, TagRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { ApiError, known } from './errors.ts'
import { seconds } from './schema.ts'

/** Corp tags and tags of strategies are two worlds with the same rules. */
export type TagScope = 'corp' | 'strategy'

interface Asked {
  tag_id: string[]
  group_id: string[]
  strategy_id?: number | undefined
}

const within = (row: { strategy_id?: number | undefined }, scope: TagScope): boolean =>
  (row.strategy_id === undefined) === (scope === 'corp')
const strategy = ({ strategy_id }: { strategy_id?: number | undefined }) =>
  strategy_id === undefined ? {} : { strategy_id }

const shownTag = (tag: TagRow) => ({
  id: tag.id,
  name: tag.name,
  create_time: seconds(tag.create_time),
  order: tag.order,
  ...(tag.deleted ? { deleted: true } : {}),
})

function shownGroup(group: TagGroupRow, tags: TagRow[]) {
  return {
    group_id: group.id,
    group_name: group.name,
    create_time: seconds(group.create_time),
    order: group.order,
    ...strategy(group),
    ...(group.deleted ? { deleted: true } : {}),
    tag: tags.map(shownTag),
  }
}

/** Groups with their tags, largest order first. Deleted rows show only when asked for by id; group_id wins over tag_id. */
export function listTags(world: World, scope: TagScope, { tag_id, group_id, strategy_id }: Asked) {
  const byGroup = new Map<string, TagRow[]>()
  for (const tag of [...world.store.tags.values()].toSorted((a, b) => b.order - a.order)) {
    byGroup.set(tag.group_id, [...(byGroup.get(tag.group_id) ?? []), tag])
  }
  const of = (group: TagGroupRow): TagRow[] => byGroup.get(group.id) ?? []
  const groups = [...world.store.tagGroups.values()]
    .filter((group) => within(group, scope) && (strategy_id === undefined || group.strategy_id === strategy_id))
    .toSorted((a, b) => b.order - a.order)
  if (group_id.length > 0) {
    return groups.filter((group) => group_id.includes(group.id)).map((group) => shownGroup(group, of(group)))
  }
  if (tag_id.length > 0) {
    const wanted = groups.map((group) => ({ group, tags: of(group).filter((tag) => tag_id.includes(tag.id)) }))
    return wanted.filter((one) => one.tags.length > 0).map((one) => shownGroup(one.group, one.tags))
  }
  const alive = groups.filter((group) => !group.deleted)
  return alive.map((group) =>
    shownGroup(
      group,
      of(group).filter((tag) => !tag.deleted),
    ),
  )
}

/** Adds tags to a group by id, to one of that name, or to a new one; 40071 for a name twice, 40126 when there are too many. */
export function addTags(
  world: World,
  scope: TagScope,
  asked: {
    strategy_id?: number | undefined
    group_id?: string | undefined
    group_name?: string | undefined
    order: number
    tag: { name: string; order: number }[]
  },
) {
  const given = asked.group_id === undefined ? undefined : world.store.tagGroups.get(asked.group_id)
  const fits = given && !given.deleted && within(given, scope) && given.strategy_id === asked.strategy_id
  if (asked.group_id !== undefined && !fits) throw new ApiError(40068, 'group_id')
  if (!given && asked.group_name === undefined) throw new ApiError(40063, 'group_id or group_name')
  const existing = given ?? groupNamed(world, asked.group_name ?? '', asked.strategy_id)
  const taken = new Set(existing ? tagsOf(world, existing.id).map((tag) => tag.name) : [])
  for (const tag of asked.tag) {
    if (taken.has(tag.name)) throw new ApiError(40071, tag.name)
    taken.add(tag.name)
  }
  const alive = [...world.store.tags.values()].filter((tag) => !tag.deleted && within(tag, scope))
  if (alive.length + asked.tag.length > world.rates.limits().corpTags) throw new ApiError(40126)
  const group = existing ?? createTagGroup(world, asked.group_name ?? '', asked.order, asked.strategy_id)
  const made = asked.tag.map((tag) => createTag(world, group, tag.name, tag.order))
  return shownGroup(group, made)
}

/** Renames or reorders a tag or a group. */
export function editTag(
  world: World,
  scope: TagScope,
  { id, name, order }: { id: string; name?: string | undefined; order?: number | undefined },
): void {
  const tag = world.store.tags.get(id)
  if (tag && !tag.deleted && within(tag, scope)) {
    if (tagsOf(world, tag.group_id).some((one) => one.id !== id && one.name === name)) throw new ApiError(40071)
    world.store.tags.set(id, { ...tag, name: name ?? tag.name, order: order ?? tag.order })
    return
  }
  const group = alive(world.store.tagGroups.get(id), id, scope)
  const same = groupNamed(world, name ?? '', group.strategy_id)
  if (same && same.id !== id) throw new ApiError(40071)
  world.store.tagGroups.set(id, { ...group, name: name ?? group.name, order: order ?? group.order })
}

/** Deletes tags and whole groups; all or none. */
export function deleteTags(world: World, scope: TagScope, { tag_id, group_id }: Asked): void {
  if (tag_id.length + group_id.length === 0) throw new ApiError(40063, 'tag_id and group_id')
  const tags = tag_id.map((id) => alive(world.store.tags.get(id), id, scope))
  const groups = group_id.map((id) => alive(world.store.tagGroups.get(id), id, scope))
  for (const tag of tags) deleteTag(world, tag)
  for (const group of groups) deleteTagGroup(world, group)
}

function alive<T extends { deleted: boolean; strategy_id?: number | undefined }>(
  row: T | undefined,
  id: string,
  scope: TagScope,
): T {
  return known(row && !row.deleted && within(row, scope) ? row : undefined, 40068, id)
}
