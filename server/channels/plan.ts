import type { Clock } from '../platform/clock.ts'
import type { MembersRead } from '../members/read.ts'
import type { WecomRead } from '../wecom/types.ts'
import { wecomOf } from '../wecom/types.ts'
import type { ChannelDoc, Placed, Unable } from './channels.model.ts'
import { midnightAfter } from './duty.ts'
import { namedIn } from './refusal.ts'
import { servingOf, type Serving } from './serving.ts'
import type { ChannelStatsRead } from './stats.ts'

const followersMs = 60_000
const noCustomerContact = 84074

type Deps = {
  clock: Clock
  zone: string
  members: Pick<MembersRead, 'standing'>
  wecom: Pick<WecomRead, 'followUserList'>
  stats: Pick<ChannelStatsRead, 'todayByRep'>
}

/** What a contact way should be now. */
export type Wanted = { serving: Serving; placed: Placed; full: string[]; unable: Unable[] }

/** Works out who should stand behind a channel's code now, from its plan, the members, and who has had the day's number. */
export const createPlan = ({ clock, zone, members, wecom, stats }: Deps) => {
  let followers: { at: number; list: Promise<ReadonlySet<string>> } | null = null

  /** Who has the customer-contact function; at most a minute old. */
  const followersOf = (): Promise<ReadonlySet<string>> => {
    if (followers === null || Math.abs(clock.now() - followers.at) > followersMs) {
      const list = wecom.followUserList().then((userids) => new Set(userids))
      followers = { at: clock.now(), list }
      list.catch(() => {
        followers = null
      })
    }
    return followers.list
  }

  /** Whom the members' room does not know as a rep may have become one since; WeCom decides. Unreachable: it will say so itself. */
  const lacking = async (userids: readonly string[]): Promise<string[]> => {
    if (userids.length === 0) return []
    try {
      const found = await followersOf()
      return userids.filter((userid) => !found.has(userid))
    } catch (error) {
      if (wecomOf(error) === null) throw error
      return []
    }
  }

  const unableOf = async ({ people, unable }: Pick<ChannelDoc, 'people' | 'unable'>): Promise<Unable[]> => {
    const now = clock.date()
    const refused = unable.filter(({ until }) => until !== null && until > now)
    const known = await members.standing(people)
    const left = people.filter((userid) => known.get(userid)?.active === false)
    const doubtful = people.filter((userid) => known.get(userid)?.active === true && known.get(userid)?.rep === false)
    const without = await lacking(doubtful)
    const found = [
      ...left.map((userid) => ({ userid, errcode: null, until: null })),
      ...without.map((userid) => ({ userid, errcode: noCustomerContact, until: null })),
    ]
    const named = new Set(found.map(({ userid }) => userid))
    return [...found, ...refused.filter(({ userid }) => !named.has(userid))]
  }

  const fullOf = async ({ _id, capPerDay, userids }: ChannelDoc): Promise<string[]> => {
    if (capPerDay === null) return []
    const today = await stats.todayByRep(_id)
    return userids.filter((userid) => (today.get(userid.toLowerCase()) ?? 0) >= capPerDay)
  }

  return {
    wanted: async (doc: ChannelDoc): Promise<Wanted> => {
      const [unable, full] = await Promise.all([unableOf(doc), fullOf(doc)])
      const serving = servingOf(
        { userids: doc.userids, shifts: doc.shifts, backups: doc.backups, paused: doc.status === 'paused' },
        {
          at: clock.date(),
          zone,
          unable: new Set(unable.map(({ userid }) => userid)),
          full: new Set(full),
        },
      )
      const { remark, name, skipVerify, markSource } = doc
      return {
        serving,
        full,
        unable,
        placed: { userids: serving.userids, remark: remark || name, skipVerify, markSource },
      }
    },

    /** The members a refusal is about; empty when it cannot be told. They are left out until the day is over. */
    refused: async (error: unknown, userids: readonly string[]): Promise<Unable[]> => {
      const { errcode = 0, hint = '' } = wecomOf(error) ?? {}
      followers = null
      const named = namedIn(hint, userids)
      const found = named.length === 0 && errcode === noCustomerContact ? await lacking(userids) : named
      const until = midnightAfter(clock.date(), zone)
      return found.map((userid) => ({ userid, errcode, until }))
    },
  }
}
export type ChannelPlan = ReturnType<typeof createPlan>
