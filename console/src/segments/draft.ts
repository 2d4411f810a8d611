import type { Condition } from '@zhiyin/shared/condition'
import type { Segment, SegmentInput, SegmentKind } from '@zhiyin/shared/segment'
import { everyone, gapsOfCondition } from '../conditions/tree.ts'

/** A segment being written. */
export type SegmentDraft = { kind: SegmentKind; name: string; note: string; condition: Condition }

export const emptySegment = (kind: SegmentKind): SegmentDraft => ({ kind, name: '', note: '', condition: everyone })

export const draftOfSegment = ({ kind, name, note, condition }: Segment): SegmentDraft => ({
  kind,
  name,
  note,
  condition: condition ?? everyone,
})

export const segmentInput = ({ kind, name, note, condition }: SegmentDraft): SegmentInput =>
  kind === 'rule' ? { kind, name: name.trim(), note, condition } : { kind, name: name.trim(), note }

/** Whether everything is there that saving needs. */
export const isWhole = ({ kind, name, condition }: SegmentDraft): boolean =>
  name.trim() !== '' && (kind === 'list' || gapsOfCondition(condition).length === 0)
