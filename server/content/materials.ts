import { AppError } from '../platform/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Material } from '@zhiyin/shared/api/talk-tracks'
import { wordsOf, type ContentBody } from '@zhiyin/shared/content'
import type { Because } from '@zhiyin/shared/because'
import type { Contents } from './contents.ts'
import { hasCoupon } from './coupon-mark.ts'
import { stateOf } from './item.ts'
import { varsOf, whoOf } from './vars.ts'
import { fill, parse } from './template.ts'

const most = 60

type Filled = { readonly key: string; readonly body: ContentBody; readonly refusal?: Because | null }

type Deps = {
  clock: Clock
  zone: string
  contents: Contents
  /** Puts coupon codes in place of their marks. */
  fillCoupons: (wishes: readonly Filled[]) => Promise<readonly Filled[]>
  /** The name of a rep. */
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** What reps send by hand: contents and texts with the words of one customer and of the rep who asks. */
export const createMaterials = ({ clock, zone, contents, fillCoupons, names }: Deps) => {
  const varsFor = async (view: CustomerView, userid: string | null) => {
    const rep = userid ?? view.follows.find(({ state }) => state === 'following')?.userid ?? null
    return varsOf(view, rep === null ? null : ((await names([rep])).get(rep) ?? null), clock.date())
  }
  return {
    /** Contents as the customer would get them, newest first, at most 60; `q` is part of a name, a folder or a text. */
    async forCustomer(view: CustomerView, userid: string | null, q: string): Promise<Material[]> {
      const { approval } = await contents.settings.get()
      const now = clock.date()
      const sought = q.toLowerCase()
      const vars = await varsFor(view, userid)
      const found: Material[] = []
      for (const { id, name, folder, body: own, ...item } of await contents.list()) {
        if (found.length >= most) break
        if (stateOf(item, false, now) === 'expired') continue
        if (!`${name} ${folder} ${wordsOf(own)}`.toLowerCase().includes(sought)) continue
        const rendered = approval && item.approved === null ? null : await contents.render(id, whoOf(view), vars)
        if (rendered === null) continue
        found.push({ contentId: id, name, folder, body: rendered.body, coupon: hasCoupon(rendered.body) })
      }
      return found
    },
    /**
     * A content ready to send to a customer. Its coupon code is the customer's own, the same however often it is asked for.
     * Throws not_found, content.refused with the reason.
     */
    async ready(view: CustomerView, userid: string | null, contentId: string): Promise<ContentBody> {
      const { name } = await contents.get(contentId)
      const rendered = await contents.render(contentId, whoOf(view), await varsFor(view, userid))
      if (rendered === null) throw new AppError('content.not_sendable', { status: 409, params: { name } })
      const [filled] = await fillCoupons([{ key: `hand:${contentId}:${view.id}`, body: rendered.body }])
      if (filled === undefined || (filled.refusal ?? null) !== null)
        throw new AppError('content.no_coupon', { status: 409, params: { name } })
      return filled.body
    },
    /** A text of a talk track with the customer's own words. */
    async say(text: string, view: CustomerView, userid: string | null): Promise<string> {
      return fill(parse(text), await varsFor(view, userid), await contents.catalog(), zone)
    },
  }
}

export type Materials = ReturnType<typeof createMaterials>
