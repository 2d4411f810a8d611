import type { IntentDoc } from './intents.model.ts'

export type Marking = { userid: string; externalUserId: string; add: string[]; remove: string[] }

/**
 * What several wishes for the tags of one pair come to: of each tag the latest word holds (mark_tag is additive and subtractive, so
 * only the difference is sent). Null when one of them lacks the pair.
 */
export const markingOf = (intents: readonly IntentDoc[]): Marking | null => {
  const [first] = intents
  if (first === undefined || first.userid === null || first.externalUserId === null) return null
  const on = new Map<string, boolean>()
  for (const { tags } of [...intents].sort((a, b) => (a._id < b._id ? -1 : 1))) {
    for (const id of tags?.add ?? []) on.set(id, true)
    for (const id of tags?.remove ?? []) on.set(id, false)
  }
  const idsThat = (wanted: boolean): string[] => [...on].flatMap(([id, is]) => (is === wanted ? id : []))
  return { userid: first.userid, externalUserId: first.externalUserId, add: idsThat(true), remove: idsThat(false) }
}
