import { ingest as endpoints } from '@zhiyin/shared/api/ingest'
import type { Ingest } from '../ingest/ingest.ts'
import { bindOpen, type Bound } from './bind.ts'

/** The Segment-compatible endpoints; whoever has the write key may call them. */
export const ingestApi = ({ ingest }: { ingest: Ingest }): Bound[] => [
  bindOpen(endpoints.identify, ({ body }) => ingest.identify(body)),
  bindOpen(endpoints.track, ({ body }) => ingest.track(body)),
  bindOpen(endpoints.batch, ({ body }) => ingest.batch(body)),
]
