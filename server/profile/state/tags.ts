import type { TagSource } from '@zhiyin/shared/customer'
import type { Fact } from '@zhiyin/shared/fact'
import type { ReasonCode } from '@zhiyin/shared/because'
import type { Draft } from './draft.ts'
import { latest } from './merge.ts'
import type { TagEntry } from './state.ts'

const sourceOfReason: Partial<Record<ReasonCode, TagSource>> = {
  'tag.by_channel': 'channel',
  'tag.by_rule': 'rule',
  'tag.by_person': 'rep',
  'tag.by_wecom': 'wecom',
  'tag.by_model': 'model',
  'tag.by_import': 'import',
}

const sourceOf = (fact: Fact<'tag.added' | 'tag.removed'>): TagSource => {
  const code = fact.payload.because[0]?.code
  const told = code === undefined ? undefined : sourceOfReason[code]
  return told ?? (fact.source === 'system' ? 'rule' : fact.source)
}

/** What a model finds never overrules what people and systems said; among equals the later word stands, of one moment the removal. */
const isStronger = (a: TagEntry, b: TagEntry): boolean => {
  const rank = ({ source, on, at: _at, putAt: _putAt, ...rest }: TagEntry): readonly string[] => [
    on ? '0' : '1',
    JSON.stringify([source, rest]),
  ]
  if ((a.source === 'model') !== (b.source === 'model')) return b.source === 'model'
  if (a.at.getTime() !== b.at.getTime()) return a.at > b.at
  return rank(a).join() > rank(b).join()
}

export const setTag = (draft: Draft, fact: Fact<'tag.added' | 'tag.removed'>): void => {
  const { tagId, tag, because } = fact.payload
  const on = fact.type === 'tag.added'
  const source = sourceOf(fact)
  const entry: TagEntry = { id: tagId, name: tag, on, at: fact.at, putAt: on ? fact.at : null, source, because }
  const held = draft.tags.get(tagId)
  if (held === undefined) draft.tags.set(tagId, entry)
  else draft.tags.set(tagId, { ...(isStronger(entry, held) ? entry : held), putAt: putAtOf(held, entry) })
}

/** When it was last put on, by a word of the weight that counts. */
const putAtOf = (held: TagEntry, entry: TagEntry): Date | null => {
  if ((held.source === 'model') !== (entry.source === 'model'))
    return held.source === 'model' ? entry.putAt : held.putAt
  return entry.putAt === null ? held.putAt : latest(held.putAt, entry.putAt)
}
