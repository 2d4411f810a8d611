import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { TagView } from '../tags/read.ts'
import type { Tags } from '../tags/tags.ts'

type Deps = { tags: Pick<Tags, 'create'>; audit: Audit }

/** A manager makes a tag, here and in WeCom. */
export const createTagCommand =
  ({ tags, audit }: Deps) =>
  async (actor: SignedIn, wanted: { name: string; group: string }): Promise<TagView> => {
    const tag = await tags.create(wanted)
    await audit.record({
      actor,
      act: 'tag.create',
      subject: `tag:${tag.id}`,
      detail: { ...wanted, wecomId: tag.wecomId },
    })
    return tag
  }
