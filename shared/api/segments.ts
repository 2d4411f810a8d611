import { z } from 'zod'
import { Condition } from '../condition.ts'
import {
  ExportForecast,
  Freshness,
  ListAnswer,
  Segment,
  SegmentCount,
  SegmentExport,
  SegmentInput,
  SegmentMember,
  SegmentUse,
  Vocabulary,
} from '../segment.ts'
import { endpoint, FileOut, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

const manager = { permission: 'manager', params: none, query: none, body: none } as const
const ofOne = { ...manager, params: IdParams } as const
/** Customer ids, external_userids, phone numbers or e-mail addresses. */
const texts = z.array(z.string().trim().min(1).max(200)).min(1).max(2000)

export const segments = {
  list: endpoint({
    ...manager,
    method: 'GET',
    path: '/api/segments',
    summary: 'Every segment with the number of its members, and how fresh they are',
    output: z.object({ items: z.array(Segment), freshness: Freshness }),
  }),
  vocabulary: endpoint({
    ...manager,
    method: 'GET',
    path: '/api/segments/vocabulary',
    summary: 'What conditions may ask for: attributes by layer, tier schemes with their levels, segments',
    output: Vocabulary,
  }),
  count: endpoint({
    ...manager,
    method: 'POST',
    path: '/api/segments/count',
    summary: 'How many a segment with a condition would have now, and the first twenty with why; nothing is kept',
    /** `everybody`: also those who may not be profiled, whom a segment leaves out; lists and rules do not. */
    body: z.object({ condition: Condition, everybody: z.boolean().default(false) }),
    output: SegmentCount,
  }),
  create: endpoint({
    ...manager,
    method: 'POST',
    path: '/api/segments',
    summary: 'Make a segment: by a condition, or a static list',
    body: SegmentInput,
    output: Segment,
  }),
  get: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/segments/:id',
    summary: 'One segment, what uses it, and how fresh it is',
    output: z.object({ segment: Segment, usedBy: z.array(SegmentUse), freshness: Freshness }),
  }),
  /** `version` must be the one read, else conflict.changed. */
  update: endpoint({
    ...ofOne,
    method: 'PUT',
    path: '/api/segments/:id',
    summary: 'Change a segment; its members follow in the background',
    body: z.object({ version: z.int(), segment: SegmentInput }),
    output: Segment,
  }),
  turn: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/segments/:id/turn',
    summary: 'Switch a rule-based segment on or off; off it has no members',
    body: z.object({ on: z.boolean() }),
    output: Segment,
  }),
  remove: endpoint({
    ...ofOne,
    method: 'DELETE',
    path: '/api/segments/:id',
    summary: 'Delete a segment nothing uses',
    output: Ok,
  }),
  members: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/segments/:id/members',
    summary: 'Who is in a segment, since when and why',
    query: Page,
    output: pageOf(SegmentMember),
  }),
  put: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/segments/:id/members',
    summary: 'Put customers into a static list, by what they are known by; those nobody knows are told',
    body: z.object({ who: texts }),
    output: ListAnswer,
  }),
  take: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/segments/:id/members/take',
    summary: 'Take customers out of a static list',
    body: z.object({ who: texts }),
    output: ListAnswer,
  }),
  fill: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/segments/:id/fill',
    summary: 'Put everybody who meets a condition now into a static list, in the background',
    body: z.object({ condition: Condition }),
    output: Segment,
  }),
  exports: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/segments/:id/exports',
    summary: 'Exports of a segment, newest first',
    output: z.object({ items: z.array(SegmentExport) }),
  }),
  forecast: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/segments/:id/exports/forecast',
    summary: 'How many members a file would hold now, and how many are left out and why',
    output: ExportForecast,
  }),
  /** In the clear only for admins, with a reason; everything else is masked. */
  export: endpoint({
    ...ofOne,
    method: 'POST',
    path: '/api/segments/:id/exports',
    summary: 'Export the members as a CSV file, in the background',
    body: z.object({ clear: z.boolean().default(false), reason: z.string().trim().max(200).default('') }),
    output: SegmentExport,
  }),
  download: endpoint({
    ...ofOne,
    method: 'GET',
    path: '/api/segment-exports/:id/file',
    summary:
      'The file of an export, without those who have withdrawn their consent since; kept as long as the company says',
    output: FileOut,
    download: true,
  }),
}
