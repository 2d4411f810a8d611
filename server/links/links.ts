import type { LinkOpens, SendOpens } from '@zhiyin/shared/api/links'
import type { ContentBody } from '@zhiyin/shared/content'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { ownedIn } from '../platform/owned.ts'
import type { OwnedRecords } from '../profile/identities/types.ts'
import { countModel, linkModel, type CountDoc, type LinkDoc } from './links.model.ts'
import { createOpen } from './open.ts'
import { codesIn } from './replace.ts'
import { linkRoutes } from './routes.ts'
import { createTrack } from './track.ts'

const mostShown = 50

type Deps = Parameters<typeof createOpen>[0] & {
  mongo: Mongo
  clock: Clock
  log: Log
  /** The public address short links begin with. */
  base: string
  /** Whether links in new messages are tracked. */
  enabled: () => Promise<boolean>
}

export type Links = ReturnType<typeof createLinks>

/** Tracked links: made as messages are wanted, opened at `/l/<code>`, counted for contents, broadcasts and rules, told in timelines. */
export const createLinks = (deps: Deps) => {
  const { mongo, base } = deps
  const links = linkModel(mongo.connection)
  const counts = countModel(mongo.connection)
  return {
    track: createTrack(deps),
    routes: linkRoutes({ open: createOpen(deps), log: deps.log }),

    /** Openings of a content (`content:cnt_…`), a broadcast or a rule, its most opened addresses first. */
    async opensOf(of: string): Promise<LinkOpens> {
      const docs = await counts.find({ of }).sort({ opens: -1 }).limit(mostShown).lean<CountDoc[]>()
      const lastAt = docs.map((doc) => doc.lastAt.getTime())
      return {
        opens: docs.reduce((sum, { opens }) => sum + opens, 0),
        opened: docs.reduce((sum, { opened }) => sum + opened, 0),
        lastAt: lastAt.length === 0 ? null : new Date(Math.max(...lastAt)).toISOString(),
        links: docs.map(({ url, title, opens, lastAt: at }) => ({ url, title, opens, lastAt: at.toISOString() })),
      }
    },

    /** Openings of the links in one message. */
    async opensIn(body: ContentBody): Promise<SendOpens> {
      const docs = await links.find({ _id: { $in: codesIn(body, base) } }).lean<LinkDoc[]>()
      return {
        shared: docs.some(({ shared }) => shared),
        links: docs.map(({ url, title, opens, lastAt }) => ({
          url,
          title,
          opens,
          lastAt: lastAt?.toISOString() ?? null,
        })),
      }
    },

    /** The links of customers who become one, or part. */
    owned: { room: 'links', ...ownedIn(mongo, 'links') } satisfies OwnedRecords,

    /** Whose the links of a customer were is forgotten; they lead where they led. */
    async forget(customerId: string): Promise<void> {
      // The key of the intent names them too, also where others got the same text.
      const theirs = await links
        .find({ $or: [{ customerId }, { intentKey: { $regex: customerId } }] }, { _id: 1 })
        .lean<{ _id: string }[]>()
      const bare = { customerId: null, shared: true }
      await links.bulkWrite(
        theirs.map(({ _id }) => ({
          updateOne: { filter: { _id }, update: { $set: { ...bare, intentKey: `erased:${_id}` }, $unset: { of: 1 } } },
        })),
      )
    },
  }
}
