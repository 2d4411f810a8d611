import { createHash } from 'node:crypto'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { countModel, linkModel, openingModel, type LinkDoc } from './links.model.ts'

const minuteMs = 60_000

/** What counts the openings of a link. */
const countedOf = ({ contentId, broadcastId, ruleId }: LinkDoc): string[] =>
  Object.entries({ content: contentId, broadcast: broadcastId, rule: ruleId }).flatMap(([kind, id]) =>
    id === null ? [] : [`${kind}:${id}`],
  )

type Deps = {
  mongo: Mongo
  clock: Clock
  /** The id of the intent of a key; null where there is none. */
  intentIdOf: (key: string) => Promise<string | null>
  appendFacts: (facts: readonly NewFact[]) => Promise<unknown>
}

/** Notes that somebody opened a link. Loading it again within a minute is the same opening. */
export const createOpen = ({ mongo, clock, intentIdOf, appendFacts }: Deps) => {
  const links = linkModel(mongo.connection)
  const openings = openingModel(mongo.connection)
  const counts = countModel(mongo.connection)

  const isNew = async (_id: string, at: Date): Promise<boolean> => {
    try {
      await openings.create({ _id, at })
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }

  const count = async (link: LinkDoc, first: boolean, at: Date): Promise<void> => {
    const { url, title } = link
    const mark = createHash('sha256').update(url).digest('base64url').slice(0, 16)
    const of = countedOf(link)
    if (of.length === 0) return
    await counts.bulkWrite(
      of.map((one) => ({
        updateOne: {
          filter: { _id: `${one} ${mark}` },
          update: {
            $setOnInsert: { of: one, url, title },
            $inc: { opens: 1, opened: first ? 1 : 0 },
            $max: { lastAt: at },
          },
          upsert: true,
        },
      })),
    )
  }

  const tell = async (
    { _id, url, title, intentKey, contentId, customerId, shared }: LinkDoc,
    at: Date,
  ): Promise<void> => {
    if (shared || customerId === null) return
    const intentId = await intentIdOf(intentKey)
    await appendFacts([
      {
        id: `link:${_id}:${Math.floor(at.getTime() / minuteMs)}`,
        customerId,
        type: 'link.opened',
        at,
        source: 'system',
        payload: {
          linkId: _id,
          url,
          ...(title === null ? {} : { title }),
          ...(intentId === null ? {} : { intentId }),
          ...(contentId === null ? {} : { contentId }),
        },
      },
    ])
  }

  return {
    find: (code: string): Promise<LinkDoc | null> => links.findOne({ _id: code }).lean<LinkDoc | null>().exec(),

    /** `device` marks whose it may be. */
    async opened(link: LinkDoc, device: string): Promise<void> {
      const at = clock.date()
      if (!(await isNew(`${link._id}:${Math.floor(at.getTime() / minuteMs)}:${device}`, at))) return
      const before = await links
        .findOneAndUpdate({ _id: link._id }, { $inc: { opens: 1 }, $min: { firstAt: at }, $max: { lastAt: at } })
        .lean<LinkDoc | null>()
      await count(link, before?.opens === 0, at)
      await tell(link, at)
    },
  }
}

export type Open = ReturnType<typeof createOpen>
