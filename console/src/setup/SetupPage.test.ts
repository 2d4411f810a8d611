import { setup } from '@zhiyin/shared/api/setup'
import type { CheckResult } from '@zhiyin/shared/setup/result'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import SetupPage from './SetupPage.vue'

const ip: CheckResult = {
  id: 'ip',
  state: 'wrong',
  seen: { code: 'ip.refused', params: { ip: '203.0.113.7', errcode: 60020, hint: 'from ip: 203.0.113.7' } },
  errcode: 60020,
  at,
  ms: 12,
}
const ipOk: CheckResult = { ...ip, state: 'ok', seen: { code: 'ip.ok', params: {} }, errcode: null }
const state = (items: CheckResult[]) => ({
  items,
  callbackUrl: 'https://s.example.com/wecom/callback',
  verifyFile: null,
})
const fault = {
  path: '/cgi-bin/user/get',
  errcode: 60020,
  hint: 'from ip: 203.0.113.7',
  firstAt: at,
  lastAt: at,
  count: 7,
}

describe('the setup page', () => {
  it('shows what was seen and what to click, and checks one again', async () => {
    const { wrapper, asked } = await mountIn(
      SetupPage,
      {},
      {
        [`GET ${setup.state.path}`]: { body: state([ip]) },
        [`GET ${setup.faults.path}`]: { body: { items: [fault] } },
        [`POST ${setup.run.path}`]: { body: { items: [ipOk] } },
      },
    )
    await flushPromises()
    const row = wrapper.get('[data-testid="check-ip"]')
    expect(row.text()).toContain('企业微信看到的 IP 是 203.0.113.7')
    expect(row.text()).toMatch(/企业可信IP → 配置，加上 203\.0\.113\.7/)
    expect(wrapper.get('[data-testid="faults"]').text()).toMatch(/203\.0\.113\.7.*60020 \/cgi-bin\/user\/get.*7 次/s)
    expect(wrapper.get('[data-testid="group-callback"]').text()).toContain('https://s.example.com/wecom/callback')
    // A manager cannot put files onto the site.
    expect(wrapper.find('[data-testid="verify-file"]').exists()).toBe(false)
    await row.get('button').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toMatchObject({ method: 'POST', path: setup.run.path, body: { ids: ['ip'] } })
    expect(wrapper.get('[data-testid="check-ip"]').text()).toContain('通过')
    expect(wrapper.get('[data-testid="setup-sum"]').text()).toContain('1 项通过')
  })

  it('checks everything at the first look, and says when that fails', async () => {
    const { wrapper, asked } = await mountIn(
      SetupPage,
      {},
      {
        [`GET ${setup.state.path}`]: { body: state([]) },
        [`GET ${setup.faults.path}`]: { body: { items: [] } },
        [`POST ${setup.run.path}`]: failed(503, 'wecom.unreachable'),
      },
    )
    await flushPromises()
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(wrapper.get('[role="alert"]').text()).toContain('连不上企业微信')
    expect(wrapper.get('[data-testid="check-ip"]').text()).toContain('未查')
  })
})
