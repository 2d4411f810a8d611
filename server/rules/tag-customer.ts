import type { NewFact } from '@zhiyin/shared/fact'
import type { WantTag } from '../outbox/read.ts'
import type { AppendFacts, TagCustomer } from './types.ts'

type Deps = {
  appendFacts: AppendFacts
  tagNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly name: string }>>
  wantTag: WantTag
}

/** What a tag step says of a customer, as facts. */
export const tagFacts = (
  { key, customerId, add, remove, because, at }: Parameters<TagCustomer>[0],
  names: ReadonlyMap<string, { readonly name: string }>,
): NewFact[] => {
  const fact =
    (type: 'tag.added' | 'tag.removed') =>
    (tagId: string): NewFact => ({
      id: `${type}:${key}:${tagId}`,
      customerId,
      type,
      at,
      source: 'rule',
      payload: { tagId, tag: names.get(tagId)?.name ?? tagId, because: [because] },
    })
  return [...add.map(fact('tag.added')), ...remove.map(fact('tag.removed'))]
}

/** A rule's tag step: the facts that change the profile, and the same wanted in WeCom. */
export const createTagCustomer =
  ({ appendFacts, tagNames, wantTag }: Deps): TagCustomer =>
  async (tagging) => {
    const { key, customerId, externalUserId, userid, add, remove } = tagging
    await appendFacts(tagFacts(tagging, await tagNames([...add, ...remove])))
    if (userid !== null && externalUserId !== null)
      await wantTag({ customerId, userid, externalUserId, add, remove, cause: key })
  }
