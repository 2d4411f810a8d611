import type { Mapping, Target } from '@zhiyin/shared/import'
import { z } from 'zod'
import { Import, ImportDetail, ImportPreview, Reject } from '@zhiyin/shared/api/imports'
import { importsApi } from '../../../server/api/imports.ts'
import { createAudit } from '../../../server/audit/audit.ts'
import { auditModel } from '../../../server/audit/audit.model.ts'
import { createImports, type ImportsDeps } from '../../../server/imports/imports.ts'
import type { Actor } from '../../../server/platform/actor.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import type { MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { apiKey, serveApi } from '../../support/http.ts'
import { quietLog } from '../../support/log.ts'

export const tags = [
  { id: 'tag_vip', name: 'VIP', group: '等级' },
  { id: 'tag_baby', name: '母婴', group: '兴趣' },
  { id: 'tag_a', name: '重要', group: '等级' },
  { id: 'tag_b', name: '重要', group: '来源' },
]
const member = (userid: string, role: 'rep' | 'manager' | 'admin'): Actor => ({
  kind: 'member',
  userid,
  name: userid,
  role,
  scope: role === 'admin' ? null : [userid],
})
const members = {
  rep: member('rep', 'rep'),
  lina: member('lina', 'manager'),
  boss: member('boss', 'admin'),
  max: member('max', 'manager'),
}

/** The real rooms imports, profile and events on a real database, behind the real API. */
export const importRoom = async (
  mongo: Mongo,
  clock: MovableClock,
  over: Partial<ImportsDeps> = {},
  defined?: Parameters<typeof customerEngine>[3],
) => {
  const engine = customerEngine(mongo, clock, {}, defined)
  const marked: { customerId: string; tagIds: readonly string[]; cause: string }[] = []
  const make = (more: Partial<ImportsDeps> = {}) =>
    createImports({
      mongo,
      clock,
      log: quietLog,
      newId: engine.newId,
      enqueue: async () => undefined,
      zone: 'Asia/Shanghai',
      ensureCustomers: engine.profile.ensureCustomers,
      known: engine.read.anybodyHas,
      factsByIds: engine.timeline.byIds,
      settled: async () => true,
      append: engine.facts.append,
      tags: async () => tags,
      markTags: async (wants) => void marked.push(...wants),
      attributes: async () => [{ key: 'skin', name: '肤质', nameEn: 'Skin', form: 'text' as const }],
      ...over,
      ...more,
    })
  let room = make()
  const audit = createAudit({ mongo, clock, newId: engine.newId })
  for (const model of Object.values(mongo.connection.models)) await model.createIndexes()
  const server = await serveApi(importsApi({ imports: room, audit }), clock, members)

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    as = '',
  ): Promise<{ status: number; body: unknown }> => {
    const raw = body instanceof Uint8Array
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(as === '' ? { authorization: `Bearer ${apiKey}` } : { cookie: `zhiyin_session=${as}` }),
        'content-type': raw ? 'application/octet-stream' : 'application/json',
      },
      ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
    })
    // text() would take the byte order mark away.
    const text = Buffer.from(await response.arrayBuffer()).toString('utf8')
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : text
    return { status: response.status, body: json }
  }
  const one = async (id: string, as = ''): Promise<Import> =>
    ImportDetail.parse((await call('GET', `/api/imports/${id}`, undefined, as)).body).import

  const upload = async (
    kind: 'customers' | 'orders',
    content: string | Uint8Array,
    name = 'file.csv',
    as = '',
  ): Promise<ImportDetail> => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const made = Import.parse((await call('POST', '/api/imports', { kind, name, size: bytes.length }, as)).body)
    const put = await call('PUT', `/api/imports/${made.id}/file`, Uint8Array.from(bytes), as)
    if (put.status !== 200) throw new Error(JSON.stringify(put.body))
    return ImportDetail.parse((await call('GET', `/api/imports/${made.id}`, undefined, as)).body)
  }
  /** Steps until nothing is under way. */
  const run = async (id: string): Promise<Import> => {
    for (;;) {
      await room.jobs['imports.step']({ importId: id })
      const now = await one(id)
      if (now.state !== 'running') return now
    }
  }
  const start = async (detail: ImportDetail, columns?: readonly Target[], currency = 'CNY') => {
    const mapping: Mapping | null = columns === undefined ? detail.mapping : { columns: [...columns], currency }
    return call('POST', `/api/imports/${detail.import.id}/start`, { mapping })
  }

  return {
    engine,
    marked,
    call,
    one,
    upload,
    run,
    start,
    make,
    room: () => room,
    /** As after a crash: another process with the same database. */
    anew: (more: Partial<ImportsDeps> = {}) => (room = make(more)),
    /** Uploads, starts with the proposed mapping, works through. */
    take: async (
      kind: 'customers' | 'orders',
      content: string | Uint8Array,
      columns?: readonly Target[],
      currency?: string,
    ): Promise<Import> => {
      const detail = await upload(kind, content)
      const started = await start(detail, columns, currency)
      if (started.status !== 200) throw new Error(JSON.stringify(started.body))
      const done = await run(detail.import.id)
      await engine.drain()
      return done
    },
    preview: async (detail: ImportDetail): Promise<ImportPreview> =>
      ImportPreview.parse(
        (await call('POST', `/api/imports/${detail.import.id}/preview`, { mapping: detail.mapping })).body,
      ),
    rejected: async (id: string): Promise<Reject[]> =>
      z.object({ items: z.array(Reject) }).parse((await call('GET', `/api/imports/${id}/rejected`)).body).items,
    download: async (id: string, lang = 'zh'): Promise<string> => {
      const { body } = await call('GET', `/api/imports/${id}/rejected.csv?lang=${lang}`)
      if (typeof body !== 'string') throw new Error('no file')
      return body
    },
    audits: () => auditModel(mongo.connection).find({}).lean(),
    customer: async (kind: 'user_id' | 'crm_id' | 'phone' | 'email', value: string) => {
      const id = await engine.profile.ensureCustomer([{ kind, value }])
      const view = await engine.read.view(id)
      if (view === null) throw new Error('no customer')
      return {
        id,
        view,
        whole: await engine.read.whole(id),
        facts: (await engine.timeline.timeline(id, { limit: 200 })).items,
      }
    },
    close: server.close,
  }
}
export type ImportRoom = Awaited<ReturnType<typeof importRoom>>
