import { eachOf } from '../platform/parallel.ts'
import type { CustomerView, WantTag } from '../profile/read.ts'

const atOnce = 20

type Deps = { views: (ids: readonly string[]) => Promise<CustomerView[]>; wantTag: WantTag }

/** Asks for imported tags in WeCom too, where a rep holds the customer: there a tag hangs on the pair. Asked again it is one wish. */
export const createMarkTags =
  ({ views, wantTag }: Deps) =>
  async (wants: readonly { customerId: string; tagIds: readonly string[]; cause: string }[]): Promise<void> => {
    if (wants.length === 0) return
    const known = new Map((await views(wants.map(({ customerId }) => customerId))).map((view) => [view.id, view]))
    await eachOf(wants, atOnce, async ({ customerId, tagIds, cause }) => {
      const view = known.get(customerId)
      const holder = view?.follows.find(({ state }) => state === 'following')?.userid
      const externalUserId = view?.externalUserId ?? null
      if (holder === undefined || externalUserId === null) return
      await wantTag({ customerId, userid: holder, externalUserId, add: tagIds, remove: [], cause })
    })
  }
