import { z } from 'zod'
import { rangeOf } from '../company/app-range.ts'
import { changedTags } from '../company/customers.ts'
import { activeMembers } from '../company/members.ts'
import { servedBy, servedContacts, servedKey, shownServed } from '../company/served.ts'
import type { RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { corpTags, namedTags, shownCustomer, shownRelation } from './customer-shapes.ts'
import { ANY, endpoint, post, type Call } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { page } from './page.ts'
import { chars, cursor, externalUserid, limit, says, userid } from './schema.ts'

const FOLLOWERS_PER_PAGE = 500

/** The pair, or the code why there is none or the caller may not see it. */
export function pairOf(world: World, userid: string, externalUserid: string, call: Call): RelationRow {
  if (!world.store.members.has(userid)) throw new ApiError(40003)
  if (!rangeOf(world, call.secret).hasMember(userid)) throw new ApiError(60011)
  if (!/^w[mo][\w-]+$/.test(externalUserid)) throw new ApiError(40096)
  const relation = world.relations.get(userid, externalUserid)
  if (!relation) throw new ApiError(84061)
  return relation
}

const remark = z
  .object({
    userid,
    external_userid: externalUserid,
    remark: chars(20).optional(),
    description: chars(150).optional(),
    remark_company: chars(20).optional(),
    remark_mobiles: z.array(z.string()).optional(),
    remark_pic_mediaid: z.string().optional(),
  })
  .refine(
    (one) =>
      [one.remark, one.description, one.remark_company, one.remark_mobiles, one.remark_pic_mediaid].some(
        (field) => field !== undefined,
      ),
    says(40058, 'nothing to change'),
  )

/** Customers and their relations to members (客户管理). */
export const customers = [
  endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/get_follow_user_list',
    secrets: ANY,
    input: z.object({}),
    handle(world, _input, { secret }) {
      const range = rangeOf(world, secret)
      return { follow_user: activeMembers(world).flatMap(({ userid }) => (range.hasMember(userid) ? [userid] : [])) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/list',
    secrets: ANY,
    input: z.object({ userid }),
    handle(world, { userid }, { secret }) {
      if (!world.store.members.has(userid)) throw new ApiError(60111)
      if (!rangeOf(world, secret).hasMember(userid)) throw new ApiError(60011)
      const ids = world.relations.ofMember(userid).map((relation) => relation.external_userid)
      if (ids.length === 0) throw new ApiError(84061)
      return { external_userid: ids }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/get',
    secrets: ANY,
    input: z.object({ external_userid: externalUserid, cursor }),
    handle(world, { external_userid, cursor }, { secret }) {
      const customer = world.store.customers.get(external_userid)
      if (!customer) throw new ApiError(40096)
      const range = rangeOf(world, secret)
      const relations = world.relations.ofCustomer(external_userid).filter((one) => range.hasMember(one.userid))
      if (relations.length === 0) throw new ApiError(84061)
      const { rows, next_cursor } = page(
        `get ${external_userid}`,
        relations,
        (one) => one.userid,
        cursor,
        FOLLOWERS_PER_PAGE,
      )
      return {
        external_contact: shownCustomer(world, customer),
        follow_user: rows.map((relation) => ({ ...shownRelation(relation), tags: namedTags(world, relation.tags) })),
        next_cursor,
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/batch/get_by_user',
    secrets: ANY,
    input: z.object({ userid_list: z.array(userid).min(1).max(100), cursor, limit: limit(50, 100) }),
    handle(world, { userid_list, cursor, limit }, { secret }) {
      const range = rangeOf(world, secret)
      for (const userid of userid_list) {
        if (!world.store.members.has(userid)) throw new ApiError(40003, userid)
        if (!range.hasMember(userid)) throw new ApiError(60011, userid)
      }
      const relations = userid_list.flatMap((userid) => world.relations.ofMember(userid))
      const key = (one: RelationRow): string => `${one.userid}|${one.external_userid}`
      const { rows, next_cursor } = page('get_by_user', relations, key, cursor, limit)
      const external_contact_list = rows.flatMap((relation) => {
        const customer = world.store.customers.get(relation.external_userid)
        if (!customer) return []
        const { remark_corp_name = '', ...rest } = shownRelation(relation)
        return [
          {
            external_contact: shownCustomer(world, customer),
            follow_info: { ...rest, remark_corp_name, tag_id: corpTags(world, relation.tags) },
          },
        ]
      })
      return { external_contact_list, next_cursor }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/remark',
    secrets: ANY,
    input: remark,
    handle(world, asked, call) {
      const relation = pairOf(world, asked.userid, asked.external_userid, call)
      world.relations.set({
        ...relation,
        remark: asked.remark ?? relation.remark,
        description: asked.description ?? relation.description,
        remark_corp_name: asked.remark_company ?? relation.remark_corp_name,
        remark_mobiles: asked.remark_mobiles?.filter((mobile) => mobile !== '') ?? relation.remark_mobiles,
      })
      return {}
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/mark_tag',
    secrets: ANY,
    input: z.object({
      userid,
      external_userid: externalUserid,
      add_tag: z.array(z.string()).default([]),
      remove_tag: z.array(z.string()).default([]),
    }),
    handle(world, { userid, external_userid, add_tag, remove_tag }, call) {
      if (add_tag.length + remove_tag.length === 0) throw new ApiError(40063, 'add_tag and remove_tag')
      const relation = pairOf(world, userid, external_userid, call)
      for (const id of [...add_tag, ...remove_tag]) {
        const tag = world.store.tags.get(id)
        if (!tag || tag.deleted) throw new ApiError(40068, id)
      }
      world.relations.set({ ...relation, tags: changedTags(relation.tags, add_tag, remove_tag) })
      return {}
    },
  }),
  post(
    '/cgi-bin/externalcontact/contact_list',
    z.object({ cursor, limit: limit(1000, 1000) }),
    (world, { cursor, limit }, { secret }) => {
      const range = rangeOf(world, secret)
      const all = servedContacts(world).filter((one) => range.hasMember(servedBy(one)))
      const { rows, next_cursor } = page('contact_list', all, servedKey, cursor, limit)
      return { info_list: rows.map((one) => shownServed(world, one)), next_cursor }
    },
  ),
]
