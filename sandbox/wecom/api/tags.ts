import { z } from 'zod'
import { createTag, createTagGroup, deleteTag, deleteTagGroup, groupNamed, tagsOf } from '../company/tags.ts'
import type { TagGroupRow, TagRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { ANY, endpoint } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { chars, says, seconds } from './schema.ts'

const name = chars(30, 40072).min(1, says(40072))
const order = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
const agentid = z.union([z.int(), z.string()]).optional()
const ids = z.array(z.string()).default([])

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
    ...(group.deleted ? { deleted: true } : {}),
    tag: tags.map(shownTag),
  }
}

function countTags(world: World): number {
  return [...world.store.tags.values()].filter((tag) => !tag.deleted).length
}

/** All tags, deleted ones too, by their group. */
function grouped(world: World): Map<string, TagRow[]> {
  const byGroup = new Map<string, TagRow[]>()
  for (const tag of [...world.store.tags.values()].toSorted((a, b) => b.order - a.order)) {
    byGroup.set(tag.group_id, [...(byGroup.get(tag.group_id) ?? []), tag])
  }
  return byGroup
}

/** Corp tags (企业客户标签). Changes made here fire no callback. */
export const tags = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_corp_tag_list',
    secrets: ANY,
    input: z.object({ tag_id: ids, group_id: ids }),
    handle(world, { tag_id, group_id }) {
      const groups = [...world.store.tagGroups.values()].toSorted((a, b) => b.order - a.order)
      const byGroup = grouped(world)
      const of = (group: TagGroupRow): TagRow[] => byGroup.get(group.id) ?? []
      if (group_id.length > 0) {
        return {
          tag_group: groups.filter((group) => group_id.includes(group.id)).map((group) => shownGroup(group, of(group))),
        }
      }
      if (tag_id.length > 0) {
        const wanted = groups.map((group) => ({ group, tags: of(group).filter((tag) => tag_id.includes(tag.id)) }))
        return { tag_group: wanted.filter((one) => one.tags.length > 0).map((one) => shownGroup(one.group, one.tags)) }
      }
      const alive = groups.filter((group) => !group.deleted)
      return {
        tag_group: alive.map((group) =>
          shownGroup(
            group,
            of(group).filter((tag) => !tag.deleted),
          ),
        ),
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_corp_tag',
    secrets: ANY,
    input: z.object({
      group_id: z.string().optional(),
      group_name: name.optional(),
      order: order.default(0),
      tag: z.array(z.object({ name, order: order.default(0) })).min(1),
      agentid,
    }),
    handle(world, asked) {
      const given = asked.group_id === undefined ? undefined : world.store.tagGroups.get(asked.group_id)
      if (asked.group_id !== undefined && (!given || given.deleted)) throw new ApiError(40068, 'group_id')
      if (!given && asked.group_name === undefined) throw new ApiError(40063, 'group_id or group_name')
      const existing = given ?? groupNamed(world, asked.group_name ?? '')
      const taken = new Set(existing ? tagsOf(world, existing.id).map((tag) => tag.name) : [])
      for (const tag of asked.tag) {
        if (taken.has(tag.name)) throw new ApiError(40071, tag.name)
        taken.add(tag.name)
      }
      if (countTags(world) + asked.tag.length > world.rates.limits().corpTags) throw new ApiError(40126)
      const group = existing ?? createTagGroup(world, asked.group_name ?? '', asked.order)
      const made = asked.tag.map((tag) => createTag(world, group.id, tag.name, tag.order))
      return { tag_group: shownGroup(group, made) }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/edit_corp_tag',
    secrets: ANY,
    input: z.object({ id: z.string().min(1), name: name.optional(), order: order.optional(), agentid }),
    handle(world, asked) {
      const tag = world.store.tags.get(asked.id)
      const group = world.store.tagGroups.get(asked.id)
      if (tag && !tag.deleted) {
        if (tagsOf(world, tag.group_id).some((one) => one.id !== tag.id && one.name === asked.name))
          throw new ApiError(40071)
        world.store.tags.set(tag.id, { ...tag, name: asked.name ?? tag.name, order: asked.order ?? tag.order })
      } else if (group && !group.deleted) {
        const same = groupNamed(world, asked.name ?? '')
        if (same && same.id !== group.id) throw new ApiError(40071)
        world.store.tagGroups.set(group.id, {
          ...group,
          name: asked.name ?? group.name,
          order: asked.order ?? group.order,
        })
      } else throw new ApiError(40068)
      return {}
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/del_corp_tag',
    secrets: ANY,
    input: z.object({ tag_id: ids, group_id: ids, agentid }),
    handle(world, { tag_id, group_id }) {
      if (tag_id.length + group_id.length === 0) throw new ApiError(40063, 'tag_id and group_id')
      const tagRows = tag_id.map((id) => alive(world.store.tags.get(id), id))
      const groupRows = group_id.map((id) => alive(world.store.tagGroups.get(id), id))
      for (const tag of tagRows) deleteTag(world, tag)
      for (const group of groupRows) deleteTagGroup(world, group)
      return {}
    },
  }),
]

function alive<T extends { deleted: boolean }>(row: T | undefined, id: string): T {
  if (!row || row.deleted) throw new ApiError(40068, id)
  return row
}
