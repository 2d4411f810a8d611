import { dataIn, ingest as endpoints, type Kind } from '@zhiyin/shared/api/ingest'
import { csvOf, jsonOf } from '../ingest/file.ts'
import type { IngestRoom } from '../ingest/room.ts'
import { AppError } from '../platform/errors.ts'
import { bind, bindOpen, type Bound } from './bind.ts'

type Deps = Pick<IngestRoom, 'ingest' | 'received' | 'rejects'> & { publicUrl: string; writeKey: string }

/** The Segment-compatible endpoints, for whoever has the write key, and what the console shows of them. */
export const ingestApi = ({ ingest, received, rejects, publicUrl, writeKey }: Deps): Bound[] => {
  /** What has another shape than its address wants is kept, and the answer says what is wrong with it. */
  const keeping = (kind: Kind | 'batch', bound: Bound): Bound => ({
    endpoint: bound.endpoint,
    answer: async (raw) => {
      try {
        return await bound.answer(raw)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'request.invalid') throw error
        const refused = await ingest.refused(bound.endpoint.path, kind, raw.body, raw.lang)
        if (refused === null) throw error
        return refused
      }
    },
  })

  const identify = (endpoint: typeof endpoints.identify) =>
    keeping(
      'identify',
      bindOpen(endpoint, ({ body, lang }) => ingest.one(endpoint.path, { kind: 'identify', input: body }, lang)),
    )
  const track = (endpoint: typeof endpoints.track) =>
    keeping(
      'track',
      bindOpen(endpoint, ({ body, lang }) => ingest.one(endpoint.path, { kind: 'track', input: body }, lang)),
    )
  const view = (kind: 'page' | 'screen', endpoint: typeof endpoints.page) =>
    keeping(
      kind,
      bindOpen(endpoint, ({ body, lang }) => ingest.one(endpoint.path, { kind, input: body }, lang)),
    )
  const group = (endpoint: typeof endpoints.group) =>
    keeping(
      'group',
      bindOpen(endpoint, ({ body, lang }) => ingest.one(endpoint.path, { kind: 'group', input: body }, lang)),
    )
  const alias = (endpoint: typeof endpoints.alias) =>
    keeping(
      'alias',
      bindOpen(endpoint, ({ body, lang }) => ingest.one(endpoint.path, { kind: 'alias', input: body }, lang)),
    )
  const batch = (endpoint: typeof endpoints.batch) =>
    keeping(
      'batch',
      bindOpen(endpoint, ({ body, lang }) => ingest.batch(endpoint.path, body, lang)),
    )

  return [
    ...[endpoints.identify, endpoints.i].map(identify),
    ...[endpoints.track, endpoints.t].map(track),
    ...[endpoints.page, endpoints.p].map((endpoint) => view('page', endpoint)),
    ...[endpoints.screen, endpoints.s].map((endpoint) => view('screen', endpoint)),
    ...[endpoints.group, endpoints.g].map(group),
    ...[endpoints.alias, endpoints.a].map(alias),
    ...[endpoints.batch, endpoints.import, endpoints.b].map(batch),
    bind(dataIn.overview, async () => ({ url: publicUrl, ...(await received.overview()) })),
    bind(dataIn.key, async () => ({ writeKey })),
    bind(dataIn.rejects, ({ query }) => rejects.list(query)),
    bind(dataIn.download, async ({ query, lang }) =>
      query.format === 'json'
        ? { mime: 'application/json', name: 'rejects.json', bytes: jsonOf(rejects.all()) }
        : { mime: 'text/csv', name: 'rejects.csv', bytes: csvOf(rejects.all(), query.lang ?? lang) },
    ),
  ]
}
