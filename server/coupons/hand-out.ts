import { because, type Because } from '@zhiyin/shared/because'
import type { ContentBody } from '@zhiyin/shared/content'
import { couponMarks } from '@zhiyin/shared/coupon'
import type { Clock } from '../platform/clock.ts'
import type { BatchDoc } from './coupons.model.ts'
import type { Take } from './take.ts'

/** What of a wish can hold a coupon. */
type Wish = {
  readonly key: string
  readonly body?: ContentBody | null
  readonly fallback?: {
    readonly other: { userid: string; body: ContentBody } | null
  }
  readonly refusal?: Because | null
}

const marksIn = (text: string): string[] => [...text.matchAll(couponMarks)].flatMap(([, id]) => id ?? [])

const batchesIn = ({ body, fallback }: Wish): string[] => [
  ...new Set(marksIn(JSON.stringify([body ?? null, fallback?.other?.body ?? null]))),
]

const filledBody = (body: ContentBody, codes: ReadonlyMap<string, string>): ContentBody => {
  const put = (text: string): string => text.replace(couponMarks, (mark, id: string) => codes.get(id) ?? mark)
  return {
    text: put(body.text),
    attachments: body.attachments.map((each) => {
      if (each.type === 'miniprogram') return { ...each, title: put(each.title) }
      if (each.type !== 'link') return each
      return { ...each, title: put(each.title), ...(each.desc === undefined ? {} : { desc: put(each.desc) }) }
    }),
  }
}

type Deps = { clock: Clock; take: Take; find: (ids: readonly string[]) => Promise<readonly BatchDoc[]> }

/**
 * Puts codes in place of the marks in messages that are about to be wanted: one for each key and batch, the same again when asked again.
 * Where none can be had the wish is refused with the reason; a wish that is refused already takes none.
 */
export const createHandOut = ({ clock, take, find }: Deps) => {
  /** Why none of a batch is given out; null: they are. */
  const closed = (id: string, batch: BatchDoc | undefined): Because | null => {
    if (batch === undefined) return because('block.coupon_none', { batch: id })
    if (batch.expiresAt === null || batch.expiresAt > clock.date()) return null
    return because('block.coupon_expired', { batch: batch.name, at: batch.expiresAt.getTime() })
  }

  return async <T extends Wish>(wishes: readonly T[]): Promise<readonly T[]> => {
    const wanted = wishes.filter((wish) => (wish.refusal ?? null) === null && batchesIn(wish).length > 0)
    if (wanted.length === 0) return wishes
    const ids = [...new Set(wanted.flatMap(batchesIn))]
    const batches = new Map((await find(ids)).map((batch) => [batch._id, batch]))
    const codes = new Map(
      await Promise.all(
        ids.map(async (id) => {
          const keys = wanted.filter((wish) => batchesIn(wish).includes(id)).map(({ key }) => key)
          return [id, closed(id, batches.get(id)) === null ? await take(id, keys) : new Map<string, string>()] as const
        }),
      ),
    )
    const asked = new Set<Wish>(wanted)
    return wishes.map((wish) => {
      if (!asked.has(wish)) return wish
      const own = new Map(
        batchesIn(wish).flatMap((id) => {
          const code = codes.get(id)?.get(wish.key)
          return code === undefined ? [] : [[id, code]]
        }),
      )
      const missing = batchesIn(wish).find((id) => !own.has(id))
      if (missing !== undefined) {
        const batch = batches.get(missing)
        const refusal = closed(missing, batch) ?? because('block.coupon_none', { batch: batch?.name ?? missing })
        return { ...wish, refusal }
      }
      const { body, fallback } = wish
      return {
        ...wish,
        ...(body ? { body: filledBody(body, own) } : {}),
        ...(fallback?.other
          ? { fallback: { ...fallback, other: { ...fallback.other, body: filledBody(fallback.other.body, own) } } }
          : {}),
      }
    })
  }
}
