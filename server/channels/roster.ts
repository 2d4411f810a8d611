import type { Model } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { ChannelDoc } from './channels.model.ts'

/** By then the members' room and WeCom know it; a member who came back without a word is asked for again. */
const rememberMs = 86_400_000

type Deps = {
  model: Model<ChannelDoc>
  clock: Clock
  /** These have to be looked at now. */
  nudge: (channelIds: readonly string[]) => Promise<void>
}
type Patch = Partial<Pick<ChannelDoc, 'userids' | 'backups' | 'people' | 'shifts' | 'placed' | 'unable'>>

const live: ChannelDoc['status'][] = ['making', 'on', 'paused', 'gone']

/** Members leave, come back, or get another userid. Each may be repeated. */
export const createRoster = ({ model, clock, nudge }: Deps) => {
  const change = async (userid: string, patchOf: (doc: ChannelDoc) => Patch): Promise<void> => {
    const channels = await model.find({ people: userid, status: { $in: live } }).lean<ChannelDoc[]>()
    for (const doc of channels) {
      const { _id, rev } = doc
      const saved = await model.updateOne({ _id, rev }, { $set: patchOf(doc), $inc: { rev: 1 } })
      if (saved.matchedCount === 0) throw new Error(`The channel ${_id} was changed meanwhile; this is repeated`)
    }
    await nudge(channels.map(({ _id }) => _id))
  }
  const without = ({ unable }: ChannelDoc, userid: string) => unable.filter((each) => each.userid !== userid)

  return {
    /** Out of every code at once; `errcode` says why, in WeCom's numbers. */
    drops: (userid: string, errcode: number): Promise<void> => {
      const until = new Date(clock.now() + rememberMs)
      return change(userid, (doc) => ({ unable: [...without(doc, userid), { userid, errcode, until }] }))
    },
    returns: (userid: string): Promise<void> => change(userid, (doc) => ({ unable: without(doc, userid) })),
    /** WeCom gives the contact way the new userid by itself. */
    renamed: (from: string, to: string): Promise<void> => {
      const swap = (list: readonly string[]): string[] => list.map((userid) => (userid === from ? to : userid))
      return change(from, ({ userids, backups, people, shifts }) => ({
        userids: swap(userids),
        backups: swap(backups),
        people: swap(people),
        shifts: shifts.map((shift) => ({ ...shift, userids: swap(shift.userids) })),
        placed: null,
      }))
    },
  }
}
export type Roster = ReturnType<typeof createRoster>
