import { channels } from '@zhiyin/shared/api/channels'
import { contents } from '@zhiyin/shared/api/contents'
import { groups } from '@zhiyin/shared/api/groups'
import { members } from '@zhiyin/shared/api/members'
import { segments } from '@zhiyin/shared/api/segments'
import { tagRules, tags } from '@zhiyin/shared/api/tags'
import type { TagRule, TagRuleDry, TagRuleVersion } from '@zhiyin/shared/tag-rule'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import TagRuleView from './TagRuleView.vue'

const said = {
  name: '一月两单',
  tagId: 't1',
  condition: {
    type: 'event' as const,
    of: { event: 'order.completed' as const },
    op: 'gte' as const,
    count: 2,
    withinDays: 30,
  },
}
const rule: TagRule & { versions: TagRuleVersion[] } = {
  ...said,
  id: 'tgr_1',
  tag: '常客',
  group: '身份',
  on: false,
  version: 2,
  customers: 12,
  tagGone: false,
  updatedAt: at,
  updatedBy: '主管',
  versions: [
    { ...said, version: 2, at, by: '主管' },
    { ...said, name: '旧名', version: 1, at, by: '副主管' },
  ],
}
const dry: TagRuleDry = {
  at,
  gets: 31,
  keeps: 4,
  loses: 2,
  blocked: 1,
  limited: true,
  rows: [
    { customerId: 'c1', customer: '林晓雯', change: 'gets', because: [{ code: 'tag.by_wecom', params: {} }] },
    { customerId: 'c2', customer: '王大力', change: 'blocked', because: [{ code: 'tag.taken_off', params: {} }] },
  ],
}
const none = { body: { items: [] } }
const table = {
  [`GET ${tags.list.path}`]: { body: { items: [{ id: 't1', name: '常客', group: '身份', wecomId: null }] } },
  [`GET ${contents.list.path}`]: none,
  [`GET ${groups.list.path}`]: none,
  [`GET ${channels.list.path}`]: none,
  [`GET ${members.list.path}`]: none,
  [`GET ${segments.vocabulary.path}`]: { body: { attributes: [], schemes: [], segments: [] } },
  [`POST ${tagRules.dryRun.path}`]: { body: dry },
}
const rested = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('a tag rule', () => {
  it('shows whom it would change and why before it is switched on; a refusal is said', async () => {
    const { wrapper, asked } = await mountIn(
      TagRuleView,
      { rule },
      {
        ...table,
        'POST /api/tag-rules/tgr_1/on': failed(422, 'tag_rule.circle'),
      },
    )
    await flushPromises()
    await rested()
    await flushPromises()
    expect(wrapper.get('[data-testid=dry-gets]').text()).toBe('31')
    expect(wrapper.get('[data-testid=dry-blocked]').text()).toBe('1')
    const rows = wrapper.findAll('[data-testid=dry-row]').map((row) => row.text())
    expect(rows[1]).toContain('有人取下过')
    expect(asked.find(({ path }) => path === tagRules.dryRun.path)?.body).toMatchObject({ id: 'tgr_1', tagId: 't1' })
    await wrapper.get('[data-testid=tag-rule-turn]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-testid=tag-rule-error]').text()).toContain('互相依赖')
  })

  it('puts an earlier version back into the form, and saves it as the next', async () => {
    const { wrapper, asked } = await mountIn(
      TagRuleView,
      { rule },
      {
        ...table,
        'PUT /api/tag-rules/tgr_1': { body: { ...rule, version: 3 } },
      },
    )
    await flushPromises()
    const save = wrapper.get('[data-testid=tag-rule-save]')
    expect(save.attributes('disabled')).toBeDefined()
    await wrapper.get('ol .link').trigger('click')
    await save.trigger('click')
    await flushPromises()
    expect(asked.find(({ method }) => method === 'PUT')?.body).toMatchObject({ name: '旧名', version: 2 })
  })

  it('cannot be tried without a tag', async () => {
    const { wrapper } = await mountIn(TagRuleView, { rule: null }, table)
    await flushPromises()
    expect(wrapper.get('[data-testid=tag-rule-dry]').text()).toContain('先选标签')
    expect(wrapper.get('[data-testid=tag-rule-save]').attributes('disabled')).toBeDefined()
  })
})
