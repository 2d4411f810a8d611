import { dataIn } from '@zhiyin/shared/api/ingest'
import { session } from '@zhiyin/shared/api/session'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { at, buildMe } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import IngestPage from './IngestPage.vue'

const overview = {
  url: 'https://s.example.com',
  days: [
    { day: '2026-11-22', kinds: { track: 1200 }, rejected: 0, skipped: 0 },
    { day: '2026-11-23', kinds: { track: 30, identify: 2 }, rejected: 1, skipped: 3 },
  ],
  recent: [
    { at, kind: 'track', event: 'Order Completed', who: 'u-1', source: 'analytics-node 3.1.0', raw: '{"total":199}' },
  ],
}
const reject = {
  id: 'rej_1',
  at,
  kind: 'track',
  who: 'u-1',
  source: 'HTTP',
  path: '/v1/track',
  problem: { zh: 'properties.total：「免费」不是金额', en: 'properties.total: “free” is no amount of money' },
  raw: '{"total":"free"}',
}
const answers = (rejects: unknown[]) => ({
  [`GET ${dataIn.overview.path}`]: { body: overview },
  [`GET ${dataIn.rejects.path}`]: { body: { items: rejects, next: null } },
  [`GET ${dataIn.key.path}`]: { body: { writeKey: 'the-key' } },
})

describe('the page of data that comes in', () => {
  it('shows how many came, the last, and what was not taken with why and as it came', async () => {
    const { wrapper } = await mountIn(IngestPage, {}, answers([reject]))
    await flushPromises()
    const text = wrapper.text()
    for (const part of [
      '32',
      '1,232',
      '今天没收下',
      'Order Completed',
      'u-1',
      '「免费」不是金额',
      '今天标明不给我们 3',
    ])
      expect(text).toContain(part)
    await wrapper.get('[data-testid=reject-row]').trigger('click')
    expect(wrapper.findAll('pre').at(-1)?.text()).toBe('{\n  "total": "free"\n}')
    expect(wrapper.findAll('a[download]').map((link) => link.attributes('href'))).toEqual([
      '/api/ingest/rejects/file?format=csv&lang=zh',
      '/api/ingest/rejects/file?format=json&lang=zh',
    ])
    // A manager sees where the key belongs, not the key.
    expect(wrapper.get('[data-testid=example]').text()).toContain('WRITE_KEY')
    expect(wrapper.find('[data-testid=key-show]').exists()).toBe(false)
    wrapper.unmount()
  })

  it('puts the key into the example for an administrator who asks for it', async () => {
    const me = { [`GET ${session.me.path}`]: { body: buildMe({ role: 'admin' }) } }
    const { wrapper, asked } = await mountIn(IngestPage, {}, { ...answers([]), ...me })
    await flushPromises()
    expect(asked.some(({ path }) => path === dataIn.key.path)).toBe(false)
    await wrapper.get('[data-testid=key-show]').trigger('click')
    await flushPromises()
    expect(wrapper.get('[data-testid=example]').text()).toContain("-u 'the-key:'")
    expect(wrapper.text()).toContain('近 30 天没有被拒的消息')
    wrapper.unmount()
  })

  it('says when it cannot be read', async () => {
    const { wrapper } = await mountIn(IngestPage, {}, { [`GET ${dataIn.overview.path}`]: failed(500, 'internal') })
    await flushPromises()
    expect(wrapper.text()).toContain('没有读到数据')
    wrapper.unmount()
  })
})
