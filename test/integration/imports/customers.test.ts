import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { Import, importLimits } from '@zhiyin/shared/api/imports'
import { erasedId } from '../../../server/profile/read.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { importRoom, type ImportRoom } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-03-02T02:00:00Z'))
let room: ImportRoom

beforeAll(async () => {
  room = await importRoom(mongo.get(), clock)
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  for (const name of ['importpieces', 'importrejects', 'importorders', 'importmappings'])
    await mongo.get().connection.collection(name).deleteMany({})
  room.marked.length = 0
})
afterAll(() => room.close())

const people = [
  '客户编号,姓名,手机,性别,生日,地区,标签,营销同意,肤质,备注',
  'C1,　王小明 ,138-0013-8001,男,1992年12月18日,浙江杭州西湖区,VIP；母婴,是,干性,"老客,\n常来"',
  'C2,李雷,+86 138 0013 8002,,,广东省深圳市南山区,,拒绝,,',
  'C3,韩梅梅,1.38E+10,女,,,,,,',
  ',没编号,,,,,,,,',
  'C4,赵四,13800138004,,2099-01-01,西湖区,不存在,,,',
  '',
  'C5,孙五,,,,,重要,,,',
].join('\r\n')

describe('a file of customers', () => {
  it('is recognised by the names of its columns, previewed, taken and its bad rows kept with why', async () => {
    const detail = await room.upload('customers', people)
    expect(detail).toMatchObject({
      encoding: 'utf-8',
      delimiter: ',',
      proposedBy: 'names',
      import: { state: 'mapping' },
    })
    expect(
      detail.mapping?.columns.map((target) =>
        'kind' in target ? target.kind : 'key' in target ? target.key : target.to,
      ),
    ).toEqual(['crm_id', 'name', 'phone', 'gender', 'birthday', 'region', 'tags', 'consent', 'skin', 'skip'])
    expect(detail.sample[0]?.at(-1)).toBe('老客,\n常来')

    const { rows } = await room.preview(detail)
    expect(rows[0]).toMatchObject({
      row: 2,
      cells: [
        'C1',
        '王小明',
        '13800138001',
        'male',
        '1992-12-18',
        '浙江省 杭州市 西湖区 330106',
        'VIP；母婴',
        '是',
        '干性',
        null,
      ],
      problems: [],
    })
    expect(rows[2]?.problems).toMatchObject([{ column: 2, problem: { code: 'phone.scientific' } }])

    await room.start(detail)
    const done = await room.run(detail.import.id)
    expect(done).toMatchObject({
      state: 'done',
      progress: 1,
      counts: { rows: 6, created: 2, updated: 0, unchanged: 0, rejected: 4 },
    })
    await room.engine.drain()

    const { view, facts, whole } = await room.customer('phone', '13800138001')
    expect(view).toMatchObject({ name: '王小明', tagIds: ['tag_baby', 'tag_vip'] })
    expect(await room.customer('crm_id', 'C1')).toMatchObject({ id: (await room.customer('phone', '13800138001')).id })
    const said = Object.fromEntries(
      (whole?.state.traits ?? []).map(({ key, value, source }) => [key, { value, source }]),
    )
    expect(said).toMatchObject({
      gender: { value: 'male', source: 'import' },
      birthday: { value: '1992-12-18' },
      region: { value: '330106' },
      province: { value: '浙江省' },
      city: { value: '杭州市' },
      district: { value: '西湖区' },
      skin: { value: '干性' },
    })
    expect(facts.find(({ type }) => type === 'tag.added')?.payload).toMatchObject({
      because: [{ code: 'tag.by_import', params: { file: 'file.csv' } }],
    })
    expect(facts.find(({ type }) => type === 'consent.changed')?.payload).toMatchObject({
      purpose: 'marketing',
      state: 'granted',
      source: 'import',
    })
    expect(room.marked).toMatchObject([{ tagIds: ['tag_vip', 'tag_baby'] }])

    const rejected = await room.rejected(detail.import.id)
    expect(rejected.map(({ row, problems }) => [row, problems.map(({ problem }) => problem.code)])).toEqual([
      [4, ['phone.scientific']],
      [5, ['row.no_identity']],
      [6, ['birthday.range', 'region.ambiguous', 'tag.unknown']],
      [8, ['tag.several']],
    ])
  })

  it('gives its bad rows back as a file, with why in the reader’s language, and takes them again once they are right', async () => {
    const { id, counts } = await room.take('customers', people)
    expect(counts.rejected).toBe(4)
    const zh = await room.download(id)
    expect(zh.startsWith('\ufeff退回原因,客户编号,姓名,手机')).toBe(true)
    expect(zh).toContain('手机：「1.38E+10」被表格软件改成了科学计数')
    const en = await room.download(id, 'en')
    expect(en).toContain('手机: “1.38E+10” was turned into scientific notation')
    expect((await room.audits()).filter(({ act }) => act === 'import.download')).toHaveLength(2)

    const corrected = en
      .replace(',1.38E+10,', ',13800138003,')
      .replace(',2099-01-01,', ',1999-01-01,')
      .replace(',西湖区,不存在', ',杭州西湖区,VIP')
      .replace(',重要,', ',等级/重要,')
    const again = await room.upload('customers', corrected)
    expect(again.proposedBy).toBe('earlier')
    await room.start(again)
    expect(await room.run(again.import.id)).toMatchObject({ counts: { rows: 4, created: 3, rejected: 1 } })
    await room.engine.drain()
    expect((await room.customer('crm_id', 'C4')).view.tagIds).toEqual(['tag_vip'])
    expect((await room.customer('crm_id', 'C5')).view.tagIds).toEqual(['tag_a'])
  })

  it('changes nothing when it is taken again, and only what is new of a longer one, where its rows say when they were true', async () => {
    const dated = people
      .split('\r\n')
      .map((line, n) => (line === '' ? line : `${line},${n === 0 ? '更新时间' : '2026-03-01'}`))
      .join('\r\n')
    await room.take('customers', dated)
    const before = await room.customer('crm_id', 'C1')
    clock.advance(86_400_000)
    expect(await room.take('customers', dated)).toMatchObject({
      counts: { rows: 6, created: 0, updated: 0, unchanged: 2, rejected: 4 },
    })
    expect((await room.customer('crm_id', 'C1')).whole).toEqual(before.whole)
    const longer = dated.replace(/李雷(.*)2026-03-01/, '李磊$12026-03-02').replace(/\r\n$/, '') + '\r\nC6,周六,,,,,,,,,'
    expect(await room.take('customers', longer)).toMatchObject({
      counts: { rows: 7, created: 1, updated: 1, unchanged: 1, rejected: 4 },
    })
    expect((await room.customer('crm_id', 'C2')).view.name).toBe('李磊')
  })

  it('tells what is true now where its rows do not say when: what was agreed to, withdrawn and agreed to again', async () => {
    const said = async (...words: string[]) => {
      clock.advance(60_000)
      const rows = words.map((word) => `G1,${word === '是' ? '上海' : '杭州'},VIP,${word}`)
      const { counts } = await room.take('customers', ['客户编号,城市,标签,营销同意', ...rows].join('\n'))
      await room.engine.drain()
      const { view, facts } = await room.customer('crm_id', 'G1')
      return { counts, consent: view.consent, told: facts.filter(({ type }) => type === 'consent.changed').length }
    }
    expect(await said('拒绝')).toMatchObject({ consent: 'withdrawn' })
    expect(await said('是')).toMatchObject({ consent: 'granted' })
    expect(await said('拒绝')).toMatchObject({ consent: 'withdrawn', told: 3, counts: { updated: 1 } })
    // Of one file as well: its last row stands.
    expect(await said('是', '拒绝', '是')).toMatchObject({ consent: 'granted', told: 6, counts: { updated: 3 } })
  })

  it('lets the later of two rows of a person stand, and a row that says when it was true its own time', async () => {
    const file =
      'customer_id,name,updated_at\nD1,first,\nD1,second,\nD2,new,2026-03-01\nD2,old,2025-01-01\nD3,later,2027-01-01\n'
    expect(await room.take('customers', file)).toMatchObject({ counts: { created: 2, updated: 2, rejected: 1 } })
    expect((await room.customer('user_id', 'D1')).view.name).toBe('second')
    expect((await room.customer('user_id', 'D2')).view.name).toBe('new')
  })

  it('fills attributes whose keys are of any script', async () => {
    const keys = ['肤质', 'Loyalty-No', '_source']
    const attributes = async () => keys.map((key) => ({ key, name: key, nameEn: key, form: 'text' as const }))
    const own = await importRoom(mongo.get(), clock, { attributes })
    const detail = await own.upload('customers', `客户编号,${keys.join(',')}\nH1,干性,77,老系统\n`)
    expect(detail.mapping?.columns.slice(1)).toEqual(keys.map((key) => ({ to: 'trait', key, form: 'text' })))
    expect((await own.preview(detail)).rows).toMatchObject([{ cells: ['H1', '干性', '77', '老系统'] }])
    expect((await own.start(detail)).status).toBe(200)
    expect(await own.run(detail.import.id)).toMatchObject({ state: 'done', counts: { created: 1 } })
    await own.engine.drain()
    const { whole } = await own.customer('crm_id', 'H1')
    expect(Object.fromEntries((whole?.state.traits ?? []).map(({ key, value }) => [key, value]))).toEqual({
      肤质: '干性',
      'Loyalty-No': '77',
      _source: '老系统',
    })
    await own.close()
  })

  it('gives back the row of somebody who was erased, and keeps nothing of it', async () => {
    room.anew({
      ensureCustomers: async (groups) =>
        (await room.engine.profile.ensureCustomers(groups)).map((owner, i) =>
          groups[i]?.some(({ value }) => value === 'C1') === true ? erasedId : owner,
        ),
    })
    const { id, counts } = await room.take('customers', people)
    room.anew()
    expect(counts).toMatchObject({ created: 1, rejected: 5 })
    expect((await room.rejected(id))[0]).toMatchObject({ row: 2, problems: [{ problem: { code: 'row.erased' } }] })
    expect((await room.customer('crm_id', 'C1')).facts).toEqual([])
  })

  it('is read whatever its encoding, mark and delimiter', async () => {
    const text = '客户编号;姓名;城市\nE1;王“大”力;北京\nE2;"分;号";上海\n'
    const { encodeGb } = await import('./gb18030.ts')
    for (const [bytes, encoding, delimiter] of [
      [Buffer.from(`\ufeff${text}`), 'utf-8', ';'],
      [encodeGb(text), 'gb18030', ';'],
      [Buffer.from(`\ufeff${text.replaceAll(';', '\t').replace('分\t号', '分;号')}`, 'utf16le'), 'utf-16le', '\t'],
    ] as const) {
      const detail = await room.upload('customers', bytes)
      expect(detail).toMatchObject({ encoding, delimiter, columns: ['客户编号', '姓名', '城市'] })
      await room.start(detail)
      expect(await room.run(detail.import.id)).toMatchObject({ state: 'done', counts: { rows: 2, rejected: 0 } })
      await room.engine.drain()
      expect((await room.customer('crm_id', 'E1')).view.name).toBe('王“大”力')
      expect((await room.customer('crm_id', 'E2')).view.name).toBe('分;号')
    }
  })

  it('says what is wrong with a file that is none', async () => {
    const refused = async (content: string | Uint8Array): Promise<string> => {
      try {
        await room.upload('customers', content)
        return 'taken'
      } catch (error) {
        return String(error)
      }
    }
    expect(await refused('手机\n')).toContain('文件里没有数据')
    expect(await refused(Buffer.from('PK\u0003\u0004 xlsx'))).toContain('CSV UTF-8')
    expect(await refused(Uint8Array.from([0x61, 0x0a, 0xff, 0xff, 0x80, 0x0a]))).toContain('认不出文件的编码')
    expect(await mongo.get().connection.collection('importpieces').countDocuments({})).toBe(0)
  })

  it('stops where a quote is never closed, and tells behind which row', async () => {
    const file = `手机,姓名\n13800138000,王\n13800138001,"没有关上\n${'13800138002,李四的名字很长\n'.repeat(60_000)}`
    expect(await room.take('customers', file)).toMatchObject({
      state: 'failed',
      problem: { code: 'file.quote', row: 2 },
    })
  })
})

describe('who may, and when', () => {
  it('takes bytes in parts, and goes on from where they broke off', async () => {
    const bytes = Buffer.from(people)
    const { body } = await room.call('POST', '/api/imports', { kind: 'customers', name: 'a.csv', size: bytes.length })
    const { id } = body !== null && typeof body === 'object' && 'id' in body ? { id: String(body.id) } : { id: '' }
    expect(
      (await room.call('PUT', `/api/imports/${id}/file?at=0`, Uint8Array.from(bytes.subarray(0, 100)))).body,
    ).toMatchObject({ state: 'uploading', received: 100 })
    expect(
      (await room.call('PUT', `/api/imports/${id}/file?at=50`, Uint8Array.from(bytes.subarray(50)))).body,
    ).toMatchObject({ error: { code: 'import.at', params: { received: 100 } } })
    expect(
      (
        await room.call(
          'PUT',
          `/api/imports/${id}/file?at=100`,
          Uint8Array.from(Buffer.concat([bytes.subarray(100), bytes])),
        )
      ).body,
    ).toMatchObject({ error: { code: 'import.size' } })
    expect(
      (await room.call('PUT', `/api/imports/${id}/file?at=100`, Uint8Array.from(bytes.subarray(100)))).body,
    ).toMatchObject({ state: 'mapping' })
  })

  it('goes on with the file it began with only: another one of the same size is told so, and nothing of it kept', async () => {
    // Over two parts, the second cut short.
    const rows = Array.from({ length: 400_000 }, (_, n) => `C${n},杭州`).join('\n')
    const bytes = Buffer.from(`客户编号,城市\n${rows}\n`)
    const edited = Buffer.from(bytes.toString().replace('C7,杭州', 'C7,上海'))
    const cut = importLimits.part + 1_000_000
    const digestOf = (file: Buffer): string =>
      [file.subarray(0, importLimits.part), file.subarray(importLimits.part, cut)]
        .reduce((all, part) => all.update(createHash('sha256').update(part).digest()), createHash('sha256'))
        .digest('hex')
    const { body } = await room.call('POST', '/api/imports', { kind: 'customers', name: 'a.csv', size: bytes.length })
    const { id } = Import.parse(body)
    const put = (query: string, part: Buffer) =>
      room.call('PUT', `/api/imports/${id}/file?${query}`, Uint8Array.from(part))
    await put('at=0', bytes.subarray(0, cut))
    const other = await put(`at=${cut}&sent=${digestOf(edited)}`, edited.subarray(cut))
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'import.other_file' } } })
    expect((await room.one(id)).received).toBe(cut)
    const same = await put(`at=${cut}&sent=${digestOf(bytes)}`, bytes.subarray(cut))
    expect(same).toMatchObject({ status: 200, body: { state: 'mapping', received: bytes.length } })
  })

  it('shows a manager their own imports, an admin all, a rep none', async () => {
    const { import: mine } = await room.upload('customers', people, 'lina.csv', 'lina')
    expect((await room.call('GET', '/api/imports', undefined, 'rep')).status).toBe(403)
    expect((await room.call('GET', `/api/imports/${mine.id}`, undefined, 'max')).status).toBe(404)
    expect((await room.call('GET', `/api/imports/${mine.id}/rejected.csv`, undefined, 'max')).status).toBe(404)
    expect((await room.call('GET', '/api/imports', undefined, 'max')).body).toMatchObject({ items: [] })
    expect((await room.call('GET', '/api/imports', undefined, 'boss')).body).toMatchObject({ items: [{ id: mine.id }] })
    expect((await room.audits()).map(({ act, by }) => [act, by])).toEqual([['import.create', 'lina']])
  })

  it('refuses mappings that cannot work', async () => {
    const detail = await room.upload('customers', people)
    const skip = { to: 'skip' } as const
    const fill = (...columns: readonly object[]) => [
      ...columns,
      ...detail.columns.slice(columns.length).map(() => skip),
    ]
    const fault = async (columns: readonly object[]) =>
      (await room.call('POST', `/api/imports/${detail.import.id}/start`, { mapping: { columns } })).body
    expect(await fault(fill({ to: 'trait', key: 'name', form: 'name' }))).toMatchObject({
      error: { params: { fault: 'no_identity' } },
    })
    expect(await fault(fill({ to: 'identity', kind: 'phone' }, { to: 'identity', kind: 'phone' }))).toMatchObject({
      error: { params: { fault: 'twice' } },
    })
    expect(await fault(fill({ to: 'identity', kind: 'phone' }, { to: 'order', field: 'time' }))).toMatchObject({
      error: { params: { fault: 'wrong_kind' } },
    })
    expect(await fault([{ to: 'identity', kind: 'phone' }])).toMatchObject({ error: { params: { fault: 'columns' } } })
  })

  it('deletes the file when it is cancelled, and after 30 days', async () => {
    const left = async () =>
      Promise.all(
        ['importpieces', 'importrejects'].map((name) => mongo.get().connection.collection(name).countDocuments({})),
      )
    const detail = await room.upload('customers', people)
    expect((await room.call('POST', `/api/imports/${detail.import.id}/cancel`)).body).toMatchObject({
      state: 'cancelled',
      expiresAt: null,
    })
    expect(await left()).toEqual([0, 0])
    expect((await room.call('POST', `/api/imports/${detail.import.id}/resume`)).status).toBe(409)

    const { id } = await room.take('customers', people)
    expect(await left()).toEqual([1, 4])
    clock.advance(31 * 86_400_000)
    await room.room().sweep.run(clock.date())
    expect(await left()).toEqual([0, 0])
    expect(await room.one(id)).toMatchObject({ state: 'done', expiresAt: null, counts: { created: 2 } })
  })
})
