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

const prepare = async (sandbox: Sandbox) => {
  const tags = await sandbox.act('console/tags', { group: '来源', names: ['门店', '活动'] })
  const made = z.array(z.object({ id: text })).parse(tags['tags'])
  return { group: text.parse(tags['group_id']), tag: made[0]?.id ?? '' }
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
    bad: () => [[{ id: 'etNONE', name: 'x' }, 40068]],
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
})
