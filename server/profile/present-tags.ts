import type { z } from 'zod'
import type { Because } from '@zhiyin/shared/because'
import type { CustomerTag } from '@zhiyin/shared/customer'
import type { CustomerDoc } from './customers.model.ts'
import { expiryOf, putTagsOf } from './place/put-tags.ts'
import type { TagName } from './snapshot.ts'
import type { TagEntry } from './state/state.ts'
import type { Definitions } from './types.ts'

type Shown = z.input<typeof CustomerTag>
type Names = ReadonlyMap<string, TagName>

/** Under which parameter a reason names who put the tag on. */
const puts = ['by', 'rule', 'model', 'channel', 'file'] as const

const byOf = (reasons: readonly Because[]): { by?: string } => {
  const [first] = reasons
  const name = puts.map((key) => first?.params[key]).find((value) => value !== undefined)
  return name === undefined ? {} : { by: String(name) }
}

const confidenceIn = (reasons: readonly Because[]): { confidence?: number } => {
  const found = reasons.find(({ code }) => code === 'tag.by_model')?.params['confidence']
  return typeof found === 'number' ? { confidence: found } : {}
}

const putTag = (tag: TagEntry, names: Names, definitions: Definitions): Shown => {
  const expiresAt = expiryOf(tag, definitions.tags)
  return {
    id: tag.id,
    name: names.get(tag.id)?.name ?? tag.name,
    group: names.get(tag.id)?.group ?? '',
    source: tag.source,
    since: tag.at.toISOString(),
    ...byOf(tag.because),
    ...confidenceIn(tag.because),
    ...(expiresAt === null ? {} : { expiresAt: expiresAt.toISOString() }),
    because: [...tag.because],
  }
}

/** The tags on a customer: those somebody put on, as they stand now, and those that tag rules keep on. */
export const tagsOf = (doc: CustomerDoc, names: Names, definitions: Definitions, now: Date): Shown[] => {
  const standing = new Set(
    putTagsOf(doc.state, definitions.tags)
      .at(now)
      .map(({ id }) => id),
  )
  const put = doc.state.tags.filter(({ id }) => standing.has(id)).map((tag) => putTag(tag, names, definitions))
  const ruled = doc.ruleTags.map(({ id, tag, since, because }): Shown => ({
    id,
    name: names.get(id)?.name ?? tag,
    group: names.get(id)?.group ?? '',
    source: 'rule',
    since: since.toISOString(),
    ...byOf(because),
    because: [...because],
  }))
  return [...put, ...ruled]
}
