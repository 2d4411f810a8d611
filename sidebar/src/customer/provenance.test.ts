import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { because } from '@zhiyin/shared/because/index'
import { ago, buildLevel, buildProfile, buildTag, day, noon } from '../testing/build.ts'
import type { FakeServer } from '../testing/fakeServer.ts'
import { Refusal } from '../testing/fakeServer.ts'
import { fullServer, mountApp } from '../testing/mountApp.ts'

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim()
let mounted: Awaited<ReturnType<typeof mountApp>> | null = null
const open = async (api: FakeServer = fullServer()) => {
  mounted = await mountApp(api)
  return mounted
}

afterEach(() => {
  mounted?.page.unmount()
  mounted = null
  document.body.innerHTML = ''
})

describe('why a customer stands where they stand', () => {
  it('tells the level of every scheme, what is held, what would move them up, and how it came about', async () => {
    const api = fullServer()
    const value = buildLevel({
      schemeId: 'value',
      scheme: '消费金额',
      primary: false,
      level: '普通',
      tier: 'C',
      because: [
        because('tier.value_spend', { window: 365, amount: 50_000 }),
        because('tier.next', { amount: 150_000, to: '成长' }),
      ],
    })
    const history = [{ at: ago(9 * day), from: '成长', to: '普通', because: [] }]
    api.on('GET /api/customers/external/wm1', () => buildProfile({ levels: [buildLevel(), value] }))
    api.on('GET /api/customers/c1/levels', () => ({ items: [{ ...value, history }] }))
    const { find, press } = await open(api)
    await press('why-tier')
    expect(textOf(find('level-rfm'))).toContain('A 保留到')
    expect(find('level-rfm').querySelector('.held')).not.toBeNull()
    const other = textOf(find('level-value'))
    for (const text of [
      '消费金额',
      '普通',
      '近 365 天消费 ¥500',
      '怎样升级',
      '再消费 ¥1,500 可升到 成长',
      '成长 → 普通',
    ])
      expect(other).toContain(text)
  })

  it('keeps the reasons when the history cannot be read, and offers to try again', async () => {
    const api = fullServer()
    api.on('GET /api/customers/c1/levels', () => {
      throw new Refusal(503, 'storage.unavailable')
    })
    const { find, press } = await open(api)
    await press('why-tier')
    const sheet = find('evidence')
    expect(textOf(find('level-rfm'))).toContain('R4 F5 M5')
    const history = [{ at: ago(110 * day), from: null, to: 'A 高价值', because: [] }]
    api.on('GET /api/customers/c1/levels', () => ({ items: [{ ...buildLevel(), history }] }))
    sheet.querySelector<HTMLElement>('[role=alert] .link')?.click()
    await flushPromises()
    expect(textOf(find('level-rfm'))).toContain('首次分层：A 高价值')
  })
})

describe('tags, segments, identities and consent', () => {
  it('says of a rule’s tag that the rule will not put it back, and of a model’s how sure it is', async () => {
    const api = fullServer()
    const tags = [
      buildTag({
        id: 't5',
        name: '高频',
        source: 'rule',
        by: '近 90 天 3 单',
        because: [because('tag.by_tag_rule', { rule: '近 90 天 3 单' })],
      }),
      buildTag({
        id: 't6',
        name: '品质型',
        source: 'model',
        by: '偏好模型',
        confidence: 0.82,
        expiresAt: new Date(noon + 30 * day).toISOString(),
        because: [because('tag.by_model', { model: '偏好模型', confidence: 0.82 })],
      }),
    ]
    api.on('GET /api/customers/external/wm1', () => buildProfile({ tags }))
    const { find, press, all } = await open(api)
    expect(textOf(find('tag-品质型'))).toBe('品质型 · 模型 82%')
    await press('tag-高频')
    expect(textOf(find('tag-ruled'))).toContain('规则不会再打上')
    expect(textOf(find('tag-remove'))).toBe('移除，规则不再打上')
    await press('sheet-close')
    await press('tag-品质型')
    const detail = textOf(find('tag-detail'))
    for (const text of ['模型', '偏好模型', '到期9 月 3 日', '把握82%', '由模型「偏好模型」判断'])
      expect(detail).toContain(text)
    expect(all('tag-ruled')).toHaveLength(0)
  })

  it('names the segments, and the identities as the server masks them', async () => {
    const api = fullServer()
    api.on('GET /api/customers/c1/identities', () => ({
      identities: [{ kind: 'phone', value: '138****8000', since: ago(day), through: null }],
      merges: [],
    }))
    const { find, press } = await open(api)
    expect(textOf(find('segments'))).toContain('高潜复购')
    await press('identities-open')
    expect(textOf(find('identities'))).toContain('手机138****8000昨天')
  })

  it('tells the consent to every purpose with its source, and changes one of them', async () => {
    const api = fullServer()
    const { consents } = buildProfile()
    const overruled = { state: 'granted' as const, source: 'ingest' as const, at: ago(0) }
    api.on('GET /api/customers/external/wm1', () =>
      buildProfile({ consents: consents.map((one) => (one.purpose === 'sharing' ? { ...one, overruled } : one)) }),
    )
    const { find, all, press, server } = await open(api)
    expect(textOf(find('consent-overruled-sharing'))).toContain('数据接入又说已同意，不算数')
    expect(all('consent-overruled-marketing')).toHaveLength(0)
    expect(textOf(find('consent-marketing'))).toContain('已同意 表单')
    expect(textOf(find('consent-sharing'))).toContain('已撤回 顾问记录 · 王敏')
    expect(textOf(find('consent-sharing'))).toContain('“不要给别人”')
    server.on('PUT /api/customers/c1/consent', () => buildProfile({ consents: [] }))
    await press('consent-change-profiling')
    expect(all('consent-withdraw')).toHaveLength(1)
    await press('consent-grant')
    expect(server.asked.find(({ method }) => method === 'PUT')?.body).toEqual({
      purpose: 'profiling',
      state: 'granted',
    })
  })

  it('follows a customer who has become part of another', async () => {
    const api = fullServer()
    api.on('GET /api/customers/external/wm1', () => buildProfile({ id: 'c7', name: '林晓雯（合并后）' }))
    api.on('GET /api/customers/c7/timeline', () => ({ items: [], next: null }))
    const { find } = await open(api)
    expect(textOf(find('customer-name'))).toBe('林晓雯（合并后）')
  })
})
