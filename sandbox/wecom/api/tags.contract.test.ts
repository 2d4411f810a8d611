import { z } from 'zod'
import { contract, id32, nothing, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { tags } from './tags.ts'

const tag = z.strictObject({ id: id32('et'), name: text, create_time: seconds, order: z.int() })
const group = z.strictObject({
  group_id: id32('et'),
  group_name: text,
  create_time: seconds,
  order: z.int(),
  tag: z.array(tag).min(1),
})

const strategyGroup = group.extend({ strategy_id: z.int() })

const prepare = async (sandbox: Sandbox) => {
  const tags = await sandbox.act('console/tags', { group: '来源', names: ['门店', '活动'] })
  const made = z.array(z.object({ id: text })).parse(tags['tags'])
  const token = await sandbox.token('contact')
  await sandbox.member('lina')
  const range = [{ type: 1, userid: 'lina' }]
  const strategy = { strategy_name: '门店', admin_list: ['lina'], range }
  const { strategy_id } = await sandbox.post('externalcontact/customer_strategy/create', strategy, token)
  const ofStrategy = { strategy_id, group_name: '门店来源', tag: [{ name: '扫码' }, { name: '搜索' }] }
  const { tag_group } = await sandbox.post('externalcontact/add_strategy_tag', ofStrategy, token)
  return {
    group: text.parse(tags['group_id']),
    tag: made[0]?.id ?? '',
    strategy: z.int().parse(strategy_id),
    own: strategyGroup.parse(tag_group),
  }
}

contract(tags, prepare, {
  '/cgi-bin/externalcontact/get_corp_tag_list': {
    good: () => ({}),
    shape: z.strictObject({ tag_group: z.array(group).min(1) }),
  },
  '/cgi-bin/externalcontact/add_corp_tag': {
    good: () => ({ group_name: '兴趣', tag: [{ name: '茶' }, { name: '咖啡', order: 2 }] }),
    shape: z.strictObject({ tag_group: group }),
    bad: ({ group }) => [
      [{ group_id: group, tag: [{ name: '门店' }] }, 40071],
      [{ group_id: 'etNONE', tag: [{ name: 'x' }] }, 40068],
      [{ group_name: 'g', tag: [{ name: '名'.repeat(31) }] }, 40072],
      [{ tag: [{ name: 'x' }] }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/edit_corp_tag': {
    good: ({ tag }) => ({ id: tag, name: '门店扫码' }),
    shape: nothing,
    bad: ({ own }) => [
      [{ id: 'etNONE', name: 'x' }, 40068],
      [{ id: own.group_id, name: 'x' }, 40068],
    ],
  },
  '/cgi-bin/externalcontact/del_corp_tag': {
    good: ({ tag }) => ({ tag_id: [tag] }),
    shape: nothing,
    bad: () => [
      [{ tag_id: ['etNONE'] }, 40068],
      [{}, 40063],
    ],
    last: true,
  },
  '/cgi-bin/externalcontact/get_strategy_tag_list': {
    secret: 'contact',
    good: ({ strategy }) => ({ strategy_id: strategy }),
    shape: z.strictObject({ tag_group: z.array(strategyGroup).length(1) }),
  },
  '/cgi-bin/externalcontact/add_strategy_tag': {
    secret: 'contact',
    good: ({ strategy }) => ({ strategy_id: strategy, group_name: '来源', tag: [{ name: '茶' }] }),
    shape: z.strictObject({ tag_group: strategyGroup }),
    bad: ({ strategy, group, own }) => [
      [{ strategy_id: 999, group_name: 'g', tag: [{ name: 'x' }] }, 40058],
      [{ strategy_id: strategy, group_id: group, tag: [{ name: 'x' }] }, 40068],
      [{ strategy_id: strategy, group_id: own.group_id, tag: [{ name: '扫码' }] }, 40071],
      [{ group_name: 'g', tag: [{ name: 'x' }] }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/edit_strategy_tag': {
    secret: 'contact',
    good: ({ own }) => ({ id: own.group_id, name: '新名' }),
    shape: nothing,
    bad: ({ tag }) => [[{ id: tag, name: 'x' }, 40068]],
  },
  '/cgi-bin/externalcontact/del_strategy_tag': {
    secret: 'contact',
    good: ({ own }) => ({ group_id: [own.group_id] }),
    shape: nothing,
    bad: ({ group, own }) => [
      [{ group_id: [group] }, 40068],
      [{ group_id: [own.group_id] }, 40068],
      [{}, 40063],
    ],
    last: true,
  },
})
