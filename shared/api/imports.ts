import { z } from 'zod'
import { encodings, ImportCounts, ImportKind, ImportState, Mapping, RowProblem, TraitForm } from '../import.ts'
import { endpoint, FileOut, IdParams, none, Page, pageOf } from './endpoint.ts'

const MB = 1024 * 1024
/**
 * What a file may have; it is read as it streams in, never as a whole. `part`: so much of it is sent at once, small enough that a broken
 * connection loses seconds, large enough that a file is few requests.
 */
export const importLimits = { bytes: 200 * MB, part: 4 * MB, days: 30 } as const

/** An import of a CSV file (导入). */
export const Import = z.object({
  id: z.string(),
  kind: ImportKind,
  name: z.string(),
  size: z.int(),
  /** Bytes that have arrived; the upload goes on from there. */
  received: z.int(),
  state: ImportState,
  /** reading the file, then (orders only) writing what the lines of an order add up to. */
  phase: z.enum(['reading', 'writing']),
  counts: ImportCounts,
  /** 0..1 of the whole work. */
  progress: z.number(),
  rowsPerSecond: z.number().nullable(),
  secondsLeft: z.int().nullable(),
  /** Why it failed: code and words. */
  problem: z.object({ code: z.string(), row: z.int().nullable() }).nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** The file and its rejected rows are deleted then; null: they have been. */
  expiresAt: z.iso.datetime().nullable(),
})
export type Import = z.infer<typeof Import>

export const ImportDetail = z.object({
  import: Import,
  encoding: z.enum(encodings).nullable(),
  delimiter: z.string().nullable(),
  /** The names of the columns, from the first line. */
  columns: z.array(z.string()),
  /** The first rows as they stand in the file. */
  sample: z.array(z.array(z.string())),
  /** How the columns are mapped, or what is proposed. */
  mapping: Mapping.nullable(),
  /** Where the proposal comes from: an earlier import of the same columns, or the names of the columns. */
  proposedBy: z.enum(['earlier', 'names']).nullable(),
  /** Attributes managers have defined, to map columns to. */
  attributes: z.array(z.object({ key: z.string(), name: z.string(), nameEn: z.string(), form: TraitForm })),
})
export type ImportDetail = z.infer<typeof ImportDetail>

export const ImportPreview = z.object({
  rows: z.array(
    z.object({
      row: z.int(),
      /** Each cell as it would be kept; null: not taken. */
      cells: z.array(z.string().nullable()),
      problems: z.array(RowProblem),
    }),
  ),
})
export type ImportPreview = z.infer<typeof ImportPreview>

export const Reject = z.object({ row: z.int(), cells: z.array(z.string()), problems: z.array(RowProblem) })
export type Reject = z.infer<typeof Reject>

const act = (name: string, summary: string) =>
  endpoint({
    method: 'POST',
    path: `/api/imports/:id/${name}`,
    permission: 'manager',
    summary,
    params: IdParams,
    query: none,
    body: none,
    output: Import,
  })

export const imports = {
  list: endpoint({
    method: 'GET',
    path: '/api/imports',
    permission: 'manager',
    summary: 'Imports of CSV files, newest first; a manager sees their own',
    params: none,
    query: Page,
    body: none,
    output: pageOf(Import),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/imports',
    permission: 'manager',
    summary: 'Announce a CSV file; its bytes follow',
    params: none,
    query: none,
    body: z.object({
      kind: ImportKind,
      name: z.string().trim().min(1).max(200),
      size: z.int().min(1).max(importLimits.bytes),
    }),
    output: Import,
  }),
  upload: endpoint({
    method: 'PUT',
    path: '/api/imports/:id/file',
    permission: 'manager',
    summary:
      'Bytes of the file from `at` on, in one request or in several; broken off, it goes on from `received`. `sent` says which bytes stand before: the SHA-256 (hex) of the SHA-256 of each 4 MB of them; others than those that arrived are refused',
    params: IdParams,
    query: z.object({
      at: z.coerce.number().int().min(0).default(0),
      sent: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    body: none,
    output: Import,
    upload: importLimits.bytes,
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/imports/:id',
    permission: 'manager',
    summary: 'One import with its columns, a sample and the mapping',
    params: IdParams,
    query: none,
    body: none,
    output: ImportDetail,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/api/imports/:id/preview',
    permission: 'manager',
    summary: 'The first 50 rows as they would be taken',
    params: IdParams,
    query: none,
    body: z.object({ mapping: Mapping }),
    output: ImportPreview,
  }),
  start: endpoint({
    method: 'POST',
    path: '/api/imports/:id/start',
    permission: 'manager',
    summary: 'Start with this mapping; it is kept for files with the same columns',
    params: IdParams,
    query: none,
    body: z.object({ mapping: Mapping }),
    output: Import,
  }),
  pause: act('pause', 'Pause after the batch under way'),
  resume: act('resume', 'Go on where it was'),
  cancel: act('cancel', 'Stop for good and delete the file; what has been taken stays'),
  rejected: endpoint({
    method: 'GET',
    path: '/api/imports/:id/rejected',
    permission: 'manager',
    summary: 'Rows that were not taken, with why',
    params: IdParams,
    query: Page,
    body: none,
    output: pageOf(Reject),
  }),
  download: endpoint({
    method: 'GET',
    path: '/api/imports/:id/rejected.csv',
    permission: 'manager',
    summary: 'Those rows as a CSV file with a column of reasons, to be corrected and uploaded again',
    params: IdParams,
    query: z.object({ lang: z.enum(['zh', 'en']).optional() }),
    body: none,
    output: FileOut,
    download: true,
  }),
}
