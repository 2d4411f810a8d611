import { z } from 'zod'
import { letters } from '../ids.ts'
import type { InterceptRuleRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { ANY, endpoint, post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { chars, seconds, userid } from './schema.ts'

const cgi = '/cgi-bin/externalcontact'
const ruleId = z.string().min(1)
const rule_name = chars(20).min(1)
const word_list = z.array(chars(32).min(1)).min(1).max(300)
const semantics_list = z.array(z.literal([1, 2, 3]))
const intercept_type = z.literal([1, 2])
const range = z.object({
  user_list: z.array(userid).max(1000).default([]),
  department_list: z.array(z.int()).max(1000).default([]),
})
type Range = z.infer<typeof range>

function checkRange(world: World, { user_list, department_list }: Range): void {
  for (const id of user_list) if (!world.store.members.has(id)) throw new ApiError(40003, id)
  for (const id of department_list) if (!world.store.departments.has(String(id))) throw new ApiError(60003, String(id))
}

const isEmpty = ({ user_list, department_list }: Range): boolean => user_list.length + department_list.length === 0
const find = (world: World, id: string): InterceptRuleRow => known(world.store.interceptRules.get(id), 40058, 'rule_id')

/** A range after adding to it and taking away. */
function changedRange(old: Range, add: Range | undefined, remove: Range | undefined): Range {
  const change = <T>(list: T[], more: T[] = [], less: T[] = []): T[] =>
    [...new Set([...list, ...more])].filter((one) => !less.includes(one))
  return {
    user_list: change(old.user_list, add?.user_list, remove?.user_list),
    department_list: change(old.department_list, add?.department_list, remove?.department_list),
  }
}

/** Intercept rules (聊天敏感词): what members may not say to customers. */
export const interceptRules = [
  post(
    `${cgi}/add_intercept_rule`,
    z.object({
      rule_name,
      word_list,
      semantics_list: semantics_list.default([]),
      intercept_type,
      applicable_range: range,
    }),
    (world, asked) => {
      checkRange(world, asked.applicable_range)
      if (isEmpty(asked.applicable_range)) throw new ApiError(40063, 'applicable_range')
      const { interceptRules } = world.store
      if (interceptRules.size >= world.rates.limits().interceptRules) throw new ApiError(41069)
      const rule_id = letters(32)
      interceptRules.set(rule_id, { rule_id, create_time: world.clock.now(), ...asked })
      return { rule_id }
    },
  ),
  endpoint({
    method: 'GET',
    path: `${cgi}/get_intercept_rule_list`,
    secrets: ANY,
    input: z.object({}),
    handle: (world) => ({
      rule_list: [...world.store.interceptRules.values()].map(({ rule_id, rule_name: name, create_time }) => ({
        rule_id,
        rule_name: name,
        create_time: seconds(create_time),
      })),
    }),
  }),
  post(`${cgi}/get_intercept_rule`, z.object({ rule_id: ruleId }), (world, { rule_id }) => {
    const { semantics_list: meanings, create_time: _at, ...rule } = find(world, rule_id)
    return { rule: { ...rule, extra_rule: { semantics_list: meanings } } }
  }),
  post(
    `${cgi}/update_intercept_rule`,
    z.object({
      rule_id: ruleId,
      rule_name: rule_name.optional(),
      word_list: word_list.optional(),
      extra_rule: z.object({ semantics_list: semantics_list.optional() }).optional(),
      intercept_type: intercept_type.optional(),
      add_applicable_range: range.optional(),
      remove_applicable_range: range.optional(),
    }),
    (world, asked) => {
      const old = find(world, asked.rule_id)
      if (asked.add_applicable_range) checkRange(world, asked.add_applicable_range)
      const range = changedRange(old.applicable_range, asked.add_applicable_range, asked.remove_applicable_range)
      if (isEmpty(range)) throw new ApiError(40058, 'nobody is left in the range')
      world.store.interceptRules.set(old.rule_id, {
        ...old,
        rule_name: asked.rule_name ?? old.rule_name,
        word_list: asked.word_list ?? old.word_list,
        semantics_list: asked.extra_rule?.semantics_list ?? old.semantics_list,
        intercept_type: asked.intercept_type ?? old.intercept_type,
        applicable_range: range,
      })
      return {}
    },
  ),
  post(`${cgi}/del_intercept_rule`, z.object({ rule_id: ruleId }), (world, { rule_id }) => {
    find(world, rule_id)
    world.store.interceptRules.delete(rule_id)
    return {}
  }),
]
