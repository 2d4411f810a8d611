import type Router from 'koa-router'
import type { EventFields } from '../callback/xml.ts'
import { found, Refusal } from '../company/refusal.ts'
import { createTag, createTagGroup, deleteTag, deleteTagGroup, groupNamed, tagsOf } from '../company/tags.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { companyEndpoints as endpoints } from './endpoints/company.ts'

/** Tags changed by an admin in WeCom's console: these call back, unlike those of the API. */
export function consoleTagRoutes(router: Router, world: World): void {
  const { tags, tagGroups } = world.store
  const fire = (ChangeType: string, fields: EventFields): void =>
    void world.callbacks.emit({ Event: 'change_external_tag', ...fields, ChangeType })

  bind(router, endpoints.addTags, ({ body: { group: name, names } }) => {
    const old = groupNamed(world, name)
    const group = old ?? createTagGroup(world, name, 0)
    const taken = new Set(tagsOf(world, group.id).map((tag) => tag.name))
    const made = names.filter((one) => !taken.has(one)).map((one) => createTag(world, group, one, 0))
    if (!old) fire('create', { Id: group.id, TagType: 'tag_group' })
    for (const tag of made) fire('create', { Id: tag.id, TagType: 'tag' })
    return { group_id: group.id, tags: tagsOf(world, group.id).map((tag) => ({ id: tag.id, name: tag.name })) }
  })
  bind(router, endpoints.renameTag, ({ body: { id, name } }) => {
    const tag = tags.get(id)
    if (tag && !tag.deleted) tags.set(id, { ...tag, name })
    else tagGroups.set(id, { ...found(tagGroups.get(id), `tag or group ${id}`), name })
    fire('update', { Id: id, TagType: tag ? 'tag' : 'tag_group' })
    return {}
  })
  bind(router, endpoints.shuffleTags, ({ body: { group_id, ids } }) => {
    // The largest order comes first.
    for (const [at, id] of ids.entries()) {
      const order = ids.length - at
      if (group_id === undefined) tagGroups.set(id, { ...found(tagGroups.get(id), `group ${id}`), order })
      else {
        const tag = found(tags.get(id), `tag ${id}`)
        if (tag.group_id !== group_id) throw new Refusal(`tag ${id} is not in group ${group_id}`)
        tags.set(id, { ...tag, order })
      }
    }
    fire('shuffle', group_id === undefined ? {} : { Id: group_id })
    return {}
  })
  bind(router, endpoints.deleteTag, ({ body: { id } }) => {
    const tag = tags.get(id)
    if (tag) deleteTag(world, tag)
    else deleteTagGroup(world, found(tagGroups.get(id), `tag or group ${id}`))
    fire('delete', { Id: id, TagType: tag ? 'tag' : 'tag_group' })
    return {}
  })
}
