import type { CustomerRow, RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { seconds } from './schema.ts'

/** A customer as `external_contact`. */
export function shownCustomer(world: World, customer: CustomerRow) {
  const { external_userid, name, type, gender, unionid, position, corp_name } = customer
  const avatar = customer.avatar === '' ? `${world.addresses.url}/avatar/${external_userid}.svg` : customer.avatar
  return {
    external_userid,
    name,
    avatar,
    type,
    gender,
    ...(unionid === undefined ? {} : { unionid }),
    ...(type === 2 ? { position: position ?? '', corp_name: corp_name ?? '', corp_full_name: corp_name ?? '' } : {}),
  }
}

/** What both shapes of a relation have in common; seconds, as the platform has it. */
export function shownRelation(relation: RelationRow) {
  const { userid, remark, description, createtime, remark_corp_name, remark_mobiles, add_way, oper_userid, state } =
    relation
  return {
    userid,
    remark,
    description,
    createtime: seconds(createtime),
    ...(remark_corp_name === '' ? {} : { remark_corp_name }),
    remark_mobiles,
    oper_userid,
    add_way,
    ...(state === undefined ? {} : { state }),
  }
}

/** `get` names tags in full: 1 of the corp, 3 of a strategy. */
export function namedTags(world: World, ids: string[]) {
  return ids.flatMap((id) => {
    const tag = world.store.tags.get(id)
    if (!tag || tag.deleted) return []
    const group = world.store.tagGroups.get(tag.group_id)
    const type = tag.strategy_id === undefined ? 1 : 3
    return [{ group_name: group?.name ?? '', tag_name: tag.name, tag_id: tag.id, type }]
  })
}

/** `batch/get_by_user` has the ids of corp tags only. */
export function corpTags(world: World, ids: string[]): string[] {
  return ids.filter((id) => world.store.tags.get(id)?.strategy_id === undefined)
}
