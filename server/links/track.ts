import { createHash } from 'node:crypto'
import type { ContentBody } from '@zhiyin/shared/content'
import type { WantInput } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { linkModel, type LinkDoc } from './links.model.ts'
import { replaceLinks } from './replace.ts'

/** What goes to customers. A mass message of one text goes to many in one call, so those who get the same text share its links. */
const toCustomers: ReadonlySet<string> = new Set(['welcome', 'mass', 'group_mass'])
const oneText: ReadonlySet<string> = new Set(['mass', 'group_mass'])

/** Codes of which this process knows that they are kept, and shared. */
const mostKnown = 5_000

const digest = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** What makes two texts one message: the same words by the same rep for the same cause. */
const textKey = ({ key, channel, cause }: WantInput, userid: string | null, body: ContentBody): string =>
  oneText.has(channel)
    ? digest(channel, userid, body, cause?.ruleId, cause?.stepId, cause?.pushId, cause?.broadcastId)
    : key

type Made = Omit<LinkDoc, 'opens' | 'firstAt' | 'lastAt' | 'createdAt'>
type Deps = { mongo: Mongo; clock: Clock; base: string; enabled: () => Promise<boolean> }

/** Puts our short addresses in place of those in texts that are about to be wanted. The same text for the same cause gets the same codes again. */
export const createTrack = ({ mongo, clock, base, enabled }: Deps) => {
  const links = linkModel(mongo.connection)
  const known = new Set<string>()
  const own = new URL(base).host

  const isForeign = (url: string): boolean =>
    URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).host !== own

  const linksOf = (input: WantInput, made: Map<string, Made>) => {
    const shorten = (body: ContentBody, userid: string | null): ContentBody => {
      const text = textKey(input, userid, body)
      return replaceLinks(body, ({ url, title }) => {
        if (!isForeign(url)) return url
        const code = digest(url, text).slice(0, 10)
        const before = made.get(code)
        const shared = before !== undefined && (before.shared || before.intentKey !== input.key)
        const customerId = input.customerId ?? null
        made.set(code, {
          _id: code,
          url,
          title: title ?? before?.title ?? null,
          intentKey: before?.intentKey ?? input.key,
          shared: shared || customerId === null,
          customerId: shared ? null : customerId,
          contentId: input.contentId ?? null,
          broadcastId: input.cause?.broadcastId ?? null,
          ruleId: input.cause?.ruleId ?? null,
        })
        return `${base}/l/${code}`
      })
    }
    return shorten
  }

  const keep = async (made: readonly Made[]): Promise<void> => {
    const fresh = made.filter(({ _id }) => !known.has(_id))
    if (fresh.length === 0) return
    const createdAt = clock.date()
    await links.bulkWrite(
      fresh.flatMap((link) => [
        {
          updateOne: {
            filter: { _id: link._id },
            update: { $setOnInsert: { ...link, opens: 0, firstAt: null, lastAt: null, createdAt } },
            upsert: true,
          },
        },
        // Somebody else gets the same text: from now on nobody knows who opens it.
        {
          updateOne: {
            filter: { _id: link._id, shared: false, ...(link.shared ? {} : { intentKey: { $ne: link.intentKey } }) },
            update: { $set: { shared: true, customerId: null } },
          },
        },
      ]),
      { ordered: true },
    )
    for (const { _id, shared } of fresh) if (shared && known.size < mostKnown) known.add(_id)
  }

  return async (inputs: readonly WantInput[]): Promise<readonly WantInput[]> => {
    const concerned = inputs.some(({ channel, body }) => toCustomers.has(channel) && (body ?? null) !== null)
    if (!concerned || !(await enabled())) return inputs
    const made = new Map<string, Made>()
    const tracked = inputs.map((input): WantInput => {
      const { channel, body, userid = null, fallback } = input
      if (!toCustomers.has(channel)) return input
      const shorten = linksOf(input, made)
      return {
        ...input,
        ...(body ? { body: shorten(body, userid) } : {}),
        ...(fallback?.other
          ? {
              fallback: {
                ...fallback,
                other: { ...fallback.other, body: shorten(fallback.other.body, fallback.other.userid) },
              },
            }
          : {}),
      }
    })
    await keep([...made.values()])
    return tracked
  }
}

export type Track = ReturnType<typeof createTrack>
