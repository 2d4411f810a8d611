import type { Clock } from '../platform/clock.ts'
import type { WantMany } from './want.ts'

const keptMs = 7 * 86_400_000

/** Tags (our ids) to mark on one (rep, customer) pair. Asked again with the same cause it is one wish. */
export type TagWish = {
  customerId: string
  userid: string
  externalUserId: string
  add: readonly string[]
  remove: readonly string[]
  cause: string
}

type Deps = {
  clock: Clock
  wantMany: WantMany
  /** WeCom's ids of tags; those that are ours alone are left out. */
  wecomTagIds: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** Wants tags marked in WeCom; tags WeCom does not know are passed over. */
export const createWantTag =
  ({ clock, wantMany, wecomTagIds }: Deps) =>
  async ({ customerId, userid, externalUserId, add, remove, cause }: TagWish): Promise<void> => {
    const known = await wecomTagIds([...add, ...remove])
    const idsOf = (list: readonly string[]): string[] => list.flatMap((id) => known.get(id) ?? [])
    const tags = { add: idsOf(add), remove: idsOf(remove) }
    if (tags.add.length + tags.remove.length === 0) return
    const expiresAt = new Date(clock.now() + keptMs)
    await wantMany([
      { key: `mark_tag:${cause}:${userid}`, channel: 'mark_tag', customerId, externalUserId, userid, tags, expiresAt },
    ])
  }

export type WantTag = ReturnType<typeof createWantTag>
