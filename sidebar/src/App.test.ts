import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildProfile, buildTag, buildTask, noon } from './testing/build.ts'
import { Refusal } from './testing/fakeServer.ts'
import { fullServer, mountApp } from './testing/mountApp.ts'
import { WecomFailure } from './wecom/failure.ts'

let mounted: Awaited<ReturnType<typeof mountApp>> | null = null
const open = async (...args: Parameters<typeof mountApp>) => {
  mounted = await mountApp(...args)
  return mounted
}
const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim()

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})
afterEach(() => {
  mounted?.page.unmount()
  mounted = null
  document.body.innerHTML = ''
  vi.restoreAllMocks()
})

describe('the sidebar beside a chat', () => {
  it('tells at a glance who it is, which tier and stage and why', async () => {
    const { find, all } = await open()
    expect(textOf(find('customer-name'))).toBe('林晓雯')
    expect(textOf(find('tier-badge'))).toBe('A高价值')
    expect(textOf(find('stage-reason'))).toBe('沉默 32 天 · 平时每 19 天买一次，这次晚了 13 天')
    expect(textOf(find('figure-average'))).toBe('客单价¥340')
    expect(textOf(find('figure-cycle'))).toBe('周期19 天')
    expect(textOf(find('suggestion-text'))).toBe('晓雯姐，一')
    expect(textOf(find('value-city'))).toContain('另有：杭州（商城订单 · 3 天前）')
    expect(all('timeline-item').map(textOf)).toEqual([
      expect.stringContaining('打开了文章《秋季护肤指南》'),
      expect.stringContaining('其他动态（odd.fact）'),
    ])
    expect(all('task-item')).toHaveLength(1)
  })

  it('sends the words, as edited, and records them', async () => {
    const { find, press, sent, server } = await open()
    await press('suggestion-edit-toggle')
    const field = find('suggestion-edit')
    if (field instanceof HTMLTextAreaElement) field.value = '晓雯姐，好久不见'
    field.dispatchEvent(new Event('input'))
    await press('suggestion-send')
    expect(sent).toEqual(['晓雯姐，好久不见'])
    expect(server.asked.find(({ path }) => path.endsWith('/said'))?.body).toMatchObject({ text: '晓雯姐，好久不见' })
    expect(textOf(find('send-status'))).toBe('已发到聊天，并记入动态')
    expect(find('suggestion-send')).toHaveProperty('disabled', true)
  })

  it('sends nothing into another customer’s chat', async () => {
    const { press, sent, moveTo } = await open()
    moveTo({ kind: 'single', externalUserId: 'wm2', talks: true })
    await press('suggestion-send')
    expect(sent).toEqual([])
  })

  it('says what to do when the client refuses, and records nothing', async () => {
    const { find, press, server } = await open(fullServer(), {
      sendText: () => Promise.reject(new WecomFailure('timeout', 'x')),
    })
    await press('suggestion-send')
    expect(textOf(find('send-status'))).toContain('先看聊天里是否已经出现')
    expect(server.count('POST /api/customers/c1/said')).toBe(0)
  })

  it('offers other words, notes an answer and reminds tomorrow', async () => {
    const { find, press, server } = await open()
    await press('suggestion-next')
    expect(textOf(find('suggestion-text'))).toBe('晓雯姐，二')
    await press('replied')
    expect(textOf(find('notice'))).toBe('已记下：客户回复了')
    server.on('POST /api/tasks', () => buildTask())
    await press('suggestion-remind')
    const made = server.asked.find(({ method, path }) => method === 'POST' && path === '/api/tasks')
    expect(made?.body).toMatchObject({
      customerId: 'c1',
      title: '跟进林晓雯：晓雯姐，二',
      dueAt: '2026-08-05T01:00:00.000Z',
    })
    expect(textOf(find('suggestion-remind'))).toBe('已设提醒')
  })

  it('writes down what the customer answered, and says when that withdrew their consent', async () => {
    const { find, press, server } = await open()
    server.on('POST /api/customers/c1/replied', () => ({ ok: true, optedOut: true }))
    await press('replied-write')
    const field = find('replied-text')
    if (!(field instanceof HTMLTextAreaElement)) throw new Error('no field')
    field.value = ' 不要再发了 '
    field.dispatchEvent(new Event('input'))
    await press('replied')
    expect(textOf(find('notice'))).toContain('撤回了营销同意')
    const noted = server.asked.find(({ path }) => path === '/api/customers/c1/replied')
    expect(noted?.body).toMatchObject({ text: '不要再发了' })
  })

  it('adds a tag from the list, and takes one off after showing why it is there', async () => {
    const { find, all, press, server } = await open()
    const added = buildTag({ id: 't9', name: '会员日' })
    server.on('POST /api/customers/c1/tags', () => buildProfile({ tags: [buildTag(), added] }))
    server.on('DELETE /api/customers/c1/tags/t9', () => buildProfile({ tags: [buildTag()] }))
    await press('tag-add')
    expect(find('tag-option-敏感肌')).toHaveProperty('disabled', true)
    await press('tag-option-会员日')
    expect(all('tag-会员日')).toHaveLength(1)
    await press('tag-会员日')
    expect(textOf(find('tag-detail'))).toContain('由 王敏 手动打上')
    await press('tag-remove')
    expect(all('tag-会员日')).toHaveLength(0)
  })

  it('opens the evidence of the tier', async () => {
    const { find, press } = await open()
    await press('why-tier')
    expect(textOf(find('evidence'))).toContain('RFM 分组：重要挽留')
    expect(textOf(find('evidence'))).toContain('R4 F5 M5：32 天前下单')
  })

  it('records a withdrawn consent with its note, and warns from then on', async () => {
    const { find, press, server } = await open()
    server.on('PUT /api/customers/c1/consent', () => buildProfile({ consent: { marketing: 'withdrawn', since: null } }))
    await press('consent-change')
    const note = find('consent-note')
    if (note instanceof HTMLTextAreaElement) note.value = '电话里说别再发'
    note.dispatchEvent(new Event('input'))
    await press('consent-withdraw')
    expect(server.asked.find(({ method }) => method === 'PUT')?.body).toEqual({
      purpose: 'marketing',
      state: 'withdrawn',
      proof: { text: '电话里说别再发' },
    })
    expect(textOf(find('suggestion'))).toContain('客户已撤回营销消息的同意')
  })

  it('lists the rep’s tasks, ticks one off and never sends from a customer who is not in the chat', async () => {
    const { find, all, press, server } = await open()
    server.on('POST /api/tasks/k1/done', () => buildTask({ state: 'done' }))
    server.on('GET /api/customers/c2', () => buildProfile({ id: 'c2', name: '陈立' }))
    server.on('GET /api/customers/c2/timeline', () => ({ items: [], next: null }))
    server.on('GET /api/customers/c2/suggestions', () => ({ items: [] }))
    await press('tab-tasks')
    const confirm = all('task-item').find(({ dataset }) => dataset['kind'] === 'confirm_mass')
    expect(confirm?.textContent).toContain('群发助手')
    confirm?.querySelector<HTMLElement>('.link')?.click()
    await flushPromises()
    expect(textOf(find('visiting'))).toContain('正在看 陈立')
    expect(all('suggestion-send')).toHaveLength(0)
    server.on('GET /api/tasks', () => ({ items: [], next: null }))
    await press('tab-tasks')
    await press('task-done')
    expect(server.count('POST /api/tasks/k1/done') + server.count('POST /api/tasks/k2/done')).toBe(1)
  })

  it('lists what happened since the last look', async () => {
    localStorage.setItem('zhiyin.seen.c1', String(noon - 3 * 86_400_000))
    const { find } = await open()
    expect(textOf(find('news'))).toContain('你上次看过（3 天前）后有 2 条新动态：打开了文章《秋季护肤指南》')
  })

  it('speaks English when asked', async () => {
    const { find, press } = await open()
    await press('tab-me')
    await press('lang-en')
    expect(textOf(find('stage-reason'))).toBe('Silent for 32 days · usually buys every 19 days, 13 days late')
  })
})

describe('the sidebar elsewhere', () => {
  it('says where to open it, and asks nobody to sign in', async () => {
    const { find, server } = await open(fullServer(), { inside: false })
    expect(textOf(find('outside'))).toContain('请在企业微信聊天工具栏中打开')
    expect(server.asked).toEqual([])
  })

  it('opens a named customer outside the client, with copying for sending', async () => {
    const { find, all } = await open(fullServer(), { inside: false }, 'wm1')
    expect(textOf(find('customer-name'))).toBe('林晓雯')
    expect(all('suggestion-send')).toHaveLength(0)
    expect(all('suggestion-copy')).toHaveLength(1)
  })

  it('is honest about a group', async () => {
    const { find } = await open(fullServer(), { place: () => Promise.resolve({ kind: 'group', chatId: 'wr1' }) })
    expect(textOf(find('group'))).toContain('在群聊中：请打开客户单聊查看画像')
  })

  it('shows a silent client with a way to try again', async () => {
    const place = vi.fn(() => Promise.reject(new WecomFailure('timeout', 'x')))
    const { find, press } = await open(fullServer(), { place })
    expect(textOf(find('wecom-failed'))).toContain('等了 8 秒没有应答')
    const before = place.mock.calls.length
    await press('state-action')
    expect(place.mock.calls.length).toBeGreaterThan(before)
  })

  it.each([
    [404, 'not_found', 'unknown', '正在建立画像…'],
    [403, 'policy.not_your_customer', 'foreign', '你没有跟进这位客户'],
    [503, 'storage.unavailable', 'failed', '画像没有加载出来'],
  ])('has a page for %d', async (status, code, testId, text) => {
    const api = fullServer()
    api.on('GET /api/customers/external/wm1', () => {
      throw new Refusal(status, code)
    })
    const { find } = await open(api)
    expect(textOf(find(testId))).toContain(text)
  })
})
