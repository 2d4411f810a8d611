import { z } from 'zod'
import { CONTACT, post } from './endpoint.ts'
import { chars, says } from './schema.ts'
import { strategyOf } from './strategies.ts'
import { addTags, deleteTags, editTag, listTags } from './tag-scope.ts'

const cgi = '/cgi-bin/externalcontact'
const name = chars(30, 40072).min(1, says(40072))
const order = z
  .int()
  .min(0)
  .max(2 ** 32 - 1)
const agentid = z.union([z.int(), z.string()]).optional()
const ids = z.array(z.string()).default([])
const strategy_id = z.int().min(1)

const listed = z.object({ tag_id: ids, group_id: ids })
const added = z.object({
  group_id: z.string().optional(),
  group_name: name.optional(),
  order: order.default(0),
  tag: z.array(z.object({ name, order: order.default(0) })).min(1),
})
const edited = z.object({ id: z.string().min(1), name: name.optional(), order: order.optional() })

/** Corp tags (企业客户标签) and tags of strategies (规则组标签). Changes made here fire no callback. */
export const tags = [
  post(`${cgi}/get_corp_tag_list`, listed, (world, asked) => ({ tag_group: listTags(world, 'corp', asked) })),
  post(`${cgi}/add_corp_tag`, added.extend({ agentid }), (world, asked) => ({
    tag_group: addTags(world, 'corp', asked),
  })),
  post(`${cgi}/edit_corp_tag`, edited.extend({ agentid }), (world, asked) => {
    editTag(world, 'corp', asked)
    return {}
  }),
  post(`${cgi}/del_corp_tag`, listed.extend({ agentid }), (world, asked) => {
    deleteTags(world, 'corp', asked)
    return {}
  }),
  post(
    `${cgi}/get_strategy_tag_list`,
    listed.extend({ strategy_id: strategy_id.optional() }),
    (world, asked) => ({ tag_group: listTags(world, 'strategy', asked) }),
    CONTACT,
  ),
  post(
    `${cgi}/add_strategy_tag`,
    added.extend({ strategy_id }),
    (world, asked) => {
      strategyOf(world, asked.strategy_id, 'customer')
      return { tag_group: addTags(world, 'strategy', asked) }
    },
    CONTACT,
  ),
  post(
    `${cgi}/edit_strategy_tag`,
    edited,
    (world, asked) => {
      editTag(world, 'strategy', asked)
      return {}
    },
    CONTACT,
  ),
  post(
    `${cgi}/del_strategy_tag`,
    listed,
    (world, asked) => {
      deleteTags(world, 'strategy', asked)
      return {}
    },
    CONTACT,
  ),
]
