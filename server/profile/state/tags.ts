import type { Fact } from '@zhiyin/shared/fact'
import type { ReasonCode } from '@zhiyin/shared/because'
import type { Draft } from './draft.ts'
import { write } from './merge.ts'
import type { TagSource } from '@zhiyin/shared/customer'
import type { TagEntry } from './state.ts'

const sourceOfReason: Partial<Record<ReasonCode, TagSource>> = {
  'tag.by_channel': 'channel',
  'tag.by_rule': 'rule',
  'tag.by_person': 'rep',
  'tag.by_wecom': 'wecom',
}

const sourceOf = (fact: Fact<'tag.added' | 'tag.removed'>): TagSource => {
  const code = fact.payload.because[0]?.code
  const told = code === undefined ? undefined : sourceOfReason[code]
  return told ?? (fact.source === 'system' ? 'rule' : fact.source)
}

/** Of the same moment the removal wins. */
const rankOf = ({ on, ...rest }: TagEntry): string => JSON.stringify([on ? 0 : 1, rest])

export const setTag = (draft: Draft, fact: Fact<'tag.added' | 'tag.removed'>): void => {
  const { tagId, tag, because } = fact.payload
  const entry = { id: tagId, name: tag, on: fact.type === 'tag.added', at: fact.at, source: sourceOf(fact), because }
  write(draft.tags, tagId, entry, rankOf)
}
