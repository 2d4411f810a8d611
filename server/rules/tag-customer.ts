import type { NewFact } from '@zhiyin/shared/fact'
import type { WantTag } from '../outbox/read.ts'
import type { AppendFacts, TagCustomer } from './types.ts'

type Deps = {
  appendFacts: AppendFacts
  tagNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly name: string }>>
  wantTag: WantTag
}

/** A rule's tag step: the facts that change the profile, and the same wanted in WeCom. */
export const createTagCustomer =
  ({ appendFacts, tagNames, wantTag }: Deps): TagCustomer =>
  async ({ key, customerId, externalUserId, userid, add, remove, because, at }) => {
    const names = await tagNames([...add, ...remove])
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
    await appendFacts([...add.map(fact('tag.added')), ...remove.map(fact('tag.removed'))])
    if (userid !== null && externalUserId !== null)
      await wantTag({ customerId, userid, externalUserId, add, remove, cause: key })
  }
