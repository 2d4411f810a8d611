import { createHash } from 'node:crypto'
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Import, ImportDetail } from '@zhiyin/shared/api/imports'
import type { Mapping } from '@zhiyin/shared/import'
import { at } from '../testing/fixtures.ts'
import { failed, mountIn } from '../testing/mount.ts'
import ImportNewPage from './ImportNewPage.vue'
import ImportPage from './ImportPage.vue'
import ImportsPage from './ImportsPage.vue'
import ImportUpload from './ImportUpload.vue'

const buildImport = (over: Partial<Import> = {}): Import => ({
  id: 'imp_1',
  kind: 'customers',
  name: '会员.csv',
  size: 12_000,
  received: 12_000,
  state: 'mapping',
  phase: 'reading',
  counts: { rows: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 },
  progress: 0,
  rowsPerSecond: null,
  secondsLeft: null,
  problem: null,
  createdAt: at,
  createdBy: '王敏',
  startedAt: null,
  finishedAt: null,
  expiresAt: at,
  ...over,
})
const mapping: Mapping = {
  columns: [{ to: 'identity', kind: 'phone' }, { to: 'trait', key: 'name', form: 'name' }, { to: 'skip' }],
  currency: 'CNY',
}
const buildDetail = (over: Partial<Import> = {}, more: Partial<ImportDetail> = {}): ImportDetail => ({
  import: buildImport(over),
  encoding: 'gb18030',
  delimiter: ';',
  columns: ['手机', '姓名', ''],
  sample: [
    ['13800138000', '王', 'x'],
    ['13800138001', '王', 'x'],
  ],
  mapping,
  proposedBy: 'names',
  attributes: [{ key: 'skin', name: '肤质', nameEn: 'Skin', form: 'text' }],
  ...more,
})
const open = (detail: ImportDetail, table: Parameters<typeof mountIn>[2] = {}) =>
  mountIn(ImportPage, { id: 'imp_1' }, { 'GET /api/imports/imp_1': { body: detail }, ...table }).then(
    async (mounted) => {
      await flushPromises()
      return mounted
    },
  )
const seen = (testId: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)
  if (found === null) throw new Error(`no ${testId}`)
  return found
}
const press = async (testId: string): Promise<void> => {
  seen(testId).click()
  await flushPromises()
}
const choose = async (column: number, key: string): Promise<void> => {
  const select = document.querySelectorAll<HTMLSelectElement>('[data-testid="import-column"] select')[column]
  if (select === undefined) throw new Error('no select')
  select.value = key
  select.dispatchEvent(new Event('change'))
  await flushPromises()
}
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

describe('an import before it is started', () => {
  it('maps columns, shows the first rows as they would be taken, and starts with that mapping', async () => {
    const problem = { column: 0, problem: { code: 'phone.not', params: { value: '1380' } } }
    const { wrapper, asked } = await open(buildDetail(), {
      'POST /api/imports/imp_1/preview': {
        body: {
          rows: [
            { row: 2, cells: ['13800138000', '王', null], problems: [] },
            { row: 3, cells: ['1380', '李', null], problems: [problem] },
          ],
        },
      },
      'POST /api/imports/imp_1/start': { body: buildImport({ state: 'running' }) },
    })
    expect(wrapper.text()).toContain('GB18030 · 分号分隔 · 3 列')
    expect(wrapper.text()).toContain('第 3 列（没有列名）')
    expect(wrapper.text()).toContain('13800138000 · 13800138001')
    await choose(2, 'trait:skin')
    await press('import-preview')
    expect(seen('import-sum').textContent).toContain('1 行可以导入，1 行会退回')
    expect(wrapper.text()).toContain('手机：「1380」不是电话号码')
    await press('import-start')
    const sent = asked.find(({ path }) => path === '/api/imports/imp_1/start')
    expect(sent?.body).toMatchObject({
      mapping: { columns: [{ kind: 'phone' }, { key: 'name' }, { to: 'trait', key: 'skin', form: 'text' }] },
    })
    wrapper.unmount()
  })

  it('says what is missing, and lets nothing be chosen twice', async () => {
    const { wrapper } = await open(buildDetail())
    await choose(0, 'skip')
    expect(seen('import-faults').textContent).toContain('请指定哪一列能认出客户')
    expect(seen('import-preview').hasAttribute('disabled')).toBe(true)
    const name = [...document.querySelectorAll<HTMLOptionElement>('[data-testid="import-column"] option')].filter(
      ({ value }) => value === 'trait:name',
    )
    expect(name.map(({ disabled }) => disabled)).toEqual([true, false, true])
    wrapper.unmount()
  })

  it('warns that orders without a number are one per row', async () => {
    const columns = [
      { to: 'identity', kind: 'phone' },
      { to: 'order', field: 'time' },
      { to: 'order', field: 'amount' },
    ] as const
    const { wrapper } = await open(
      buildDetail({ kind: 'orders' }, { mapping: { columns: [...columns], currency: 'CNY' } }),
    )
    expect(wrapper.text()).toContain('每一行算作一笔订单')
    wrapper.unmount()
  })
})

describe('an import under way and over', () => {
  it('tells how far it is and how long it will take, and pauses', async () => {
    const running = { state: 'running', progress: 0.42, rowsPerSecond: 2150.4, secondsLeft: 150 } as const
    const { wrapper, asked } = await open(
      buildDetail({ ...running, counts: { rows: 5000, created: 4000, updated: 900, unchanged: 0, rejected: 0 } }),
      {
        'POST /api/imports/imp_1/pause': { body: buildImport({ state: 'paused' }) },
      },
    )
    expect(seen('import-progress').textContent).toMatch(/42%\s*正在读取并清洗\s*每秒 2,150 行\s*还要约 3 分钟/)
    expect(seen('import-counts').textContent).toContain('4,000')
    await press('import-pause')
    expect(asked.some(({ method, path }) => method === 'POST' && path === '/api/imports/imp_1/pause')).toBe(true)
    wrapper.unmount()
  })

  it('shows rejected rows with why, and where to get them', async () => {
    const problems = [{ column: 0, problem: { code: 'phone.scientific', params: { value: '1.38E+10' } } }]
    const { wrapper } = await open(
      buildDetail({
        state: 'done',
        progress: 1,
        counts: { rows: 2, created: 1, updated: 0, unchanged: 0, rejected: 1 },
      }),
      {
        'GET /api/imports/imp_1/rejected': {
          body: { items: [{ row: 3, cells: ['1.38E+10', '李', ''], problems }], next: null },
        },
      },
    )
    expect(seen('import-reject').textContent).toContain('位数已丢失')
    expect(seen('import-download').getAttribute('href')).toBe('/api/imports/imp_1/rejected.csv?lang=zh')
    wrapper.unmount()
  })

  it('says why it stopped, and asks before it is cancelled', async () => {
    const { wrapper, asked } = await open(
      buildDetail({ state: 'paused', progress: 0.5, problem: { code: 'step', row: null } }),
    )
    expect(seen('import-problem').textContent).toContain('已自动暂停')
    vi.stubGlobal('confirm', () => false)
    await press('import-cancel')
    expect(asked.every(({ path }) => !path.endsWith('/cancel'))).toBe(true)
    wrapper.unmount()
    const broken = await open(buildDetail({ state: 'failed', problem: { code: 'file.quote', row: 12 } }))
    expect(seen('import-problem').textContent).toContain('从第 12 行之后')
    broken.wrapper.unmount()
    const none = await open(buildDetail({ state: 'failed', problem: { code: 'import.encoding', row: null } }))
    expect(seen('import-problem').textContent).toContain('CSV UTF-8')
    none.wrapper.unmount()
  })
})

describe('the list and a new one', () => {
  it('is empty, failed, or full', async () => {
    const list = async (answer: object) => {
      const { wrapper } = await mountIn(ImportsPage, {}, { 'GET /api/imports': { status: 200, body: {}, ...answer } })
      await flushPromises()
      const text = wrapper.text()
      wrapper.unmount()
      return text
    }
    expect(await list({ body: { items: [], next: null } })).toContain('还没有导入过文件')
    expect(await list(failed(503, 'storage.unavailable'))).toContain('存储暂时不可用')
    const rows = { rows: 12_000, created: 11_000, updated: 0, unchanged: 0, rejected: 1000 }
    const full = await list({ body: { items: [buildImport({ state: 'done', counts: rows })], next: null } })
    expect(full).toMatch(/会员\.csv\s*已完成/)
    expect(full).toContain('退回的行 1,000')
  })

  it('sends a file part by part, and says what the server thinks of it', async () => {
    const size = 5 * 1024 * 1024
    let received = 0
    const uploading = () => ({
      body: buildImport({ state: received < size ? 'uploading' : 'mapping', size, received }),
    })
    const { wrapper, asked, router } = await mountIn(
      ImportNewPage,
      {},
      {
        'POST /api/imports': uploading,
        'PUT /api/imports/imp_1/file': () => {
          received = Math.min(size, received + 4 * 1024 * 1024)
          return uploading()
        },
      },
    )
    const pick = async (file: File) => {
      const input = document.querySelector<HTMLInputElement>('[data-testid="import-file"]')
      if (input === null) throw new Error('no input')
      Object.defineProperty(input, 'files', { value: [file], configurable: true })
      input.dispatchEvent(new Event('change'))
      await vi.waitFor(() => {
        if (seen('import-kind-orders').hasAttribute('disabled')) throw new Error('busy')
      }, 10_000)
      await flushPromises()
    }
    await press('import-kind-orders')
    await pick(new File([new Uint8Array(size)], '订单.csv'))
    expect(asked.filter(({ method }) => method === 'PUT').map(({ path }) => path)).toEqual([
      '/api/imports/imp_1/file?at=0',
      '/api/imports/imp_1/file?at=4194304',
    ])
    expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({
      kind: 'orders',
      name: '订单.csv',
      size,
    })
    expect(router.currentRoute.value.fullPath).toBe('/imports/imp_1')
    await pick(new File([], '空.csv'))
    expect(seen('import-error').textContent).toContain('这个文件是空的')
    wrapper.unmount()
  })
})

describe('an upload that broke off', () => {
  it('goes on with what was sent already told, so that another file of the same size is not spliced to it', async () => {
    const size = 5 * 1024 * 1024
    const bytes = new Uint8Array(size).map((_, i) => i % 251)
    const one = buildImport({ state: 'uploading', size, received: 4_500_000 })
    const { asked, wrapper } = await mountIn(
      ImportUpload,
      { one },
      { 'PUT /api/imports/imp_1/file': () => ({ body: buildImport({ state: 'mapping', size, received: size }) }) },
    )
    const input = document.querySelector<HTMLInputElement>('[data-testid="import-file"]')
    if (input === null) throw new Error('no input')
    Object.defineProperty(input, 'files', { value: [new File([bytes], 'a.csv')], configurable: true })
    input.dispatchEvent(new Event('change'))
    await vi.waitFor(() => {
      if (!asked.some(({ method }) => method === 'PUT')) throw new Error('nothing sent')
    }, 10_000)
    const part = 4 * 1024 * 1024
    const sent = [bytes.subarray(0, part), bytes.subarray(part, 4_500_000)]
      .reduce((all, each) => all.update(createHash('sha256').update(each).digest()), createHash('sha256'))
      .digest('hex')
    expect(asked.find(({ method }) => method === 'PUT')?.path).toBe(`/api/imports/imp_1/file?at=4500000&sent=${sent}`)
    wrapper.unmount()
  })
})
