import type { ImportCounts } from '@zhiyin/shared/import'
import type { Import } from '@zhiyin/shared/api/imports'
import type { ImportDoc } from './imports.model.ts'

export const noCounts: ImportCounts = { rows: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 }

/** 0..1 of the work; of orders half is reading the lines, half writing what they add up to. */
export const progressOf = ({
  kind,
  state,
  phase,
  offset,
  bytes,
  orders,
}: Pick<ImportDoc, 'kind' | 'state' | 'phase' | 'offset' | 'bytes' | 'orders'>): number => {
  if (state === 'done') return 1
  const read = bytes === 0 ? 0 : offset / bytes
  if (kind === 'customers') return read
  return phase === 'reading' ? read / 2 : 0.5 + (orders.found === 0 ? 0.5 : orders.written / orders.found / 2)
}

/** An import as the API tells it. */
export const viewOf = (doc: ImportDoc): Import => {
  const { pace, counts, createdAt, startedAt, finishedAt, expiresAt } = doc
  const progress = progressOf(doc)
  const gained = progress - pace.from
  const runs = doc.state === 'running' && pace.ms > 0 && gained > 0
  return {
    id: doc._id,
    kind: doc.kind,
    name: doc.name,
    size: doc.size,
    received: doc.received,
    state: doc.state,
    phase: doc.phase,
    counts,
    progress,
    rowsPerSecond: pace.ms > 0 && pace.rows > 0 ? Math.round((pace.rows / pace.ms) * 10_000) / 10 : null,
    secondsLeft: runs ? Math.ceil(((pace.ms / gained) * (1 - progress)) / 1000) : null,
    problem: doc.problem,
    createdAt: createdAt.toISOString(),
    createdBy: doc.createdBy.name,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    expiresAt: expiresAt?.toISOString() ?? null,
  }
}
