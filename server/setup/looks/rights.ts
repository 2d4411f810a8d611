import type { Clock } from '../../platform/clock.ts'
import { wecomOf, type WecomProbe, type WecomRead } from '../../wecom/types.ts'
import { ok, once, refusedBy, unknown, type Found, type Look, type Looks } from '../look.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A day of China begins at 16:00 UTC of the day before. */
const ZONE_MS = 8 * HOUR_MS
const NOBODY = 'probe'

type Read = Pick<
  WecomRead,
  | 'followUserList'
  | 'departments'
  | 'listContacts'
  | 'corpTags'
  | 'groupChats'
  | 'contactWayIds'
  | 'joinWay'
  | 'groupWelcomeText'
  | 'listGroupMessages'
  | 'unassigned'
  | 'groupStats'
>
export type RightsDeps = { read: Read; probe: Pick<WecomProbe, 'media'>; clock: Clock }

/** The first page is enough to know. */
const firstOf = async (pages: AsyncIterable<unknown>): Promise<void> => {
  for await (const _page of pages) return
}

/** One call of each part of the API we use, none of which changes anything: what is refused is a right that is missing. */
export const rightLooks = ({ read, probe, clock }: RightsDeps) => {
  const rep = once(async () => (await read.followUserList())[0] ?? null)
  const look =
    (call: () => Promise<unknown>): Look =>
    async (): Promise<Found> => {
      try {
        await call()
        return ok('right.ok')
      } catch (error) {
        // It was allowed to ask, and was told that there is no such thing.
        if (wecomOf(error)?.kind === 'gone') return ok('right.ok')
        return refusedBy(error, 'right.missing')
      }
    }
  const ofRep =
    (call: (userid: string) => Promise<unknown>): Look =>
    async () => {
      const userid = await rep().catch(() => NOBODY)
      return userid === null ? unknown('right.no_rep') : look(() => call(userid))()
    }
  const now = (): Date => clock.date()
  const ago = (ms: number): Date => new Date(clock.now() - ms)
  const yesterday = (): Date => new Date(Math.floor((clock.now() + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS - DAY_MS)

  const looks: Looks<
    | 'right_members'
    | 'right_customers'
    | 'right_tags'
    | 'right_groups'
    | 'right_contact_ways'
    | 'right_join_ways'
    | 'right_group_welcomes'
    | 'right_mass'
    | 'right_transfers'
    | 'right_group_stats'
    | 'right_media'
  > = {
    right_members: look(() => read.departments()),
    right_customers: ofRep((userid) => read.listContacts(userid)),
    right_tags: look(() => read.corpTags({ tagIds: [NOBODY] })),
    right_groups: ofRep((userid) => firstOf(read.groupChats([userid]))),
    right_contact_ways: look(() => firstOf(read.contactWayIds({ from: ago(HOUR_MS), to: now() }))),
    right_join_ways: look(() => read.joinWay(NOBODY)),
    right_group_welcomes: look(() => read.groupWelcomeText(NOBODY)),
    right_mass: look(() => read.listGroupMessages({ chatType: 'single', from: ago(HOUR_MS), to: now() })),
    right_transfers: look(() => firstOf(read.unassigned())),
    right_group_stats: ofRep((userid) => read.groupStats([userid], yesterday(), yesterday())),
    right_media: look(() => probe.media()),
  }
  return looks
}
