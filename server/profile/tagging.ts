import type { Because } from '@zhiyin/shared/because'
import type { FactSource, NewFact } from '@zhiyin/shared/fact'
import type { TagName } from './snapshot.ts'

/** Wants tags marked in WeCom on one (rep, customer) pair. Ids are ours. Asked again with the same cause it is one wish. */
export type WantTag = (want: {
  customerId: string
  userid: string
  externalUserId: string
  add: readonly string[]
  remove: readonly string[]
  cause: string
}) => Promise<void>

/** Tags to put on a customer and to take off (our ids). `key` is its identity: asked for twice it is done once. */
export type TagChange = {
  readonly key: string
  readonly customerId: string
  /** Both are needed for WeCom to know of it; there a tag hangs on the pair. */
  readonly externalUserId: string | null
  readonly userid: string | null
  readonly add: readonly string[]
  readonly remove: readonly string[]
  readonly because: Because
  /** What there is to say beside it. */
  readonly also?: readonly Because[]
  readonly at: Date
  readonly source: FactSource
}

type Deps = {
  append: (facts: readonly NewFact[]) => Promise<unknown>
  tagNames: (tagIds: readonly string[]) => Promise<ReadonlyMap<string, TagName>>
  wantTag: WantTag
}

/** Changes tags here, as facts, and asks for the same in WeCom. */
export const createTagging =
  ({ append, tagNames, wantTag }: Deps) =>
  async ({
    key,
    customerId,
    externalUserId,
    userid,
    add,
    remove,
    because,
    also = [],
    at,
    source,
  }: TagChange): Promise<void> => {
    if (add.length + remove.length === 0) return
    const names = await tagNames([...add, ...remove])
    const asFact =
      (type: 'tag.added' | 'tag.removed') =>
      (tagId: string): NewFact => ({
        id: `${type}:${key}:${tagId}`,
        customerId,
        type,
        at,
        source,
        payload: { tagId, tag: names.get(tagId)?.name ?? tagId, because: [because, ...also] },
      })
    await append([...add.map(asFact('tag.added')), ...remove.map(asFact('tag.removed'))])
    if (userid !== null && externalUserId !== null)
      await wantTag({ customerId, userid, externalUserId, add, remove, cause: `tag:${key}` })
  }
