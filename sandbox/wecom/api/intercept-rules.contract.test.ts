import { z } from 'zod'
import { contract, nothing, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { interceptRules } from './intercept-rules.ts'

const applicable_range = { user_list: ['lina'] }
const rule = { rule_name: '竞品', word_list: ['某茶'], semantics_list: [1], intercept_type: 1, applicable_range }

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const add = async () => text.parse((await sandbox.post('externalcontact/add_intercept_rule', rule))['rule_id'])
  return { rule: await add(), spare: await add() }
}

contract(interceptRules, prepare, {
  '/cgi-bin/externalcontact/add_intercept_rule': {
    good: () => rule,
    shape: z.strictObject({ rule_id: text.min(1) }),
    bad: () => [
      [{ ...rule, rule_name: '' }, 40063],
      [{ ...rule, rule_name: '名'.repeat(21) }, 40058],
      [{ ...rule, word_list: [] }, 40058],
      [{ ...rule, word_list: Array.from({ length: 301 }, (_, i) => `w${i}`) }, 40058],
      [{ ...rule, word_list: ['词'.repeat(33)] }, 40058],
      [{ ...rule, semantics_list: [4] }, 40058],
      [{ ...rule, intercept_type: 3 }, 40058],
      [{ ...rule, applicable_range: {} }, 40063],
      [{ ...rule, applicable_range: { user_list: ['nobody'] } }, 40003],
      [{ ...rule, applicable_range: { department_list: [99] } }, 60003],
      [{ ...rule, applicable_range: { user_list: Array.from({ length: 1001 }, () => 'lina') } }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/get_intercept_rule_list': {
    good: () => ({}),
    shape: z.strictObject({
      rule_list: z.array(z.strictObject({ rule_id: text, rule_name: z.literal('竞品'), create_time: seconds })).min(2),
    }),
  },
  '/cgi-bin/externalcontact/get_intercept_rule': {
    good: (known) => ({ rule_id: known.rule }),
    shape: z.strictObject({
      rule: z.strictObject({
        rule_id: text,
        rule_name: text,
        word_list: z.array(text),
        extra_rule: z.strictObject({ semantics_list: z.tuple([z.literal(1)]) }),
        intercept_type: z.literal(1),
        applicable_range: z.strictObject({ user_list: z.array(text), department_list: z.array(z.int()) }),
      }),
    }),
    bad: () => [
      [{ rule_id: 'x' }, 40058],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/update_intercept_rule': {
    good: (known) => ({
      rule_id: known.rule,
      extra_rule: { semantics_list: [2] },
      add_applicable_range: { department_list: [1] },
    }),
    shape: nothing,
    bad: (known) => [
      [{ rule_id: 'x' }, 40058],
      [{ rule_id: known.spare, remove_applicable_range: applicable_range }, 40058],
      [{ rule_id: known.rule, add_applicable_range: { user_list: ['nobody'] } }, 40003],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/del_intercept_rule': {
    good: ({ spare }) => ({ rule_id: spare }),
    shape: nothing,
    bad: ({ spare }) => [[{ rule_id: spare }, 40058]],
    last: true,
  },
})
