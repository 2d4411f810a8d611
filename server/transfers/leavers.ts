import type { Enqueue } from '../flow/jobs.ts'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WantInput } from '../outbox/read.ts'
import { wecomOf, type WecomRead } from '../wecom/types.ts'
import { leaverCheckModel, leaverModel, type LeaverDoc } from './leavers.model.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A nudged check has so long before the sweep looks again. */
const graceMs = 60_000

export type LeaversDeps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  read: Pick<WecomRead, 'unassigned'>
  /** Members who do not work here any more. */
  gone: () => Promise<readonly string[]>
  /** The customer groups these members own. */
  groupsOf: (userids: readonly string[]) => Promise<readonly { readonly owner: string | null }[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  managersOf: (userids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  wantMany: (inputs: readonly WantInput[]) => Promise<unknown>
  /** Where the list stands in the console. */
  transfersUrl: string
}

type Left = Pick<LeaverDoc, 'leftAt' | 'customers' | 'groups'>

/**
 * Who has left customers or groups behind (待继承): WeCom's list of what is unassigned, with the groups we know. Looked at after a member
 * has left, after a hand-over, and once an hour, since a callback may be lost. The managers are told once of each.
 */
export const createLeavers = (deps: LeaversDeps) => {
  const { mongo, clock, enqueue, read, gone, groupsOf, names, managersOf, wantMany, transfersUrl } = deps
  const leavers = leaverModel(mongo.connection)
  const checks = leaverCheckModel(mongo.connection)

  const found = async (): Promise<Map<string, Left>> => {
    const left = new Map<string, Left>()
    for await (const page of read.unassigned())
      for (const { userid, leftAt } of page) {
        const { customers = 0 } = left.get(userid) ?? {}
        left.set(userid, { leftAt, customers: customers + 1, groups: 0 })
      }
    for (const { owner } of await groupsOf([...new Set([...(await gone()), ...left.keys()])])) {
      if (owner === null) continue
      const before = left.get(owner) ?? { leftAt: null, customers: 0, groups: 0 }
      left.set(owner, { ...before, groups: before.groups + 1 })
    }
    return left
  }

  const tell = async (): Promise<void> => {
    const untold = await leavers.find({ told: false }).limit(100).lean<LeaverDoc[]>()
    if (untold.length === 0) return
    const userids = untold.map(({ _id }) => _id)
    const [members, managers] = await Promise.all([names(userids), managersOf(userids)])
    await wantMany(
      untold.flatMap(({ _id, leftAt, customers, groups }) =>
        (managers.get(_id) ?? []).map((userid): WantInput => {
          const text = `${members.get(_id) ?? _id} 已离职，还有 ${customers} 位客户、${groups} 个群待继承\n${transfersUrl}`
          return {
            key: `leaver:${_id}:${leftAt?.getTime() ?? ''}:${userid}`,
            channel: 'app',
            userid,
            body: { text, attachments: [] },
            expiresAt: new Date(clock.now() + dayMs),
          }
        }),
      ),
    )
    await leavers.updateMany({ _id: { $in: userids } }, { $set: { told: true } })
  }

  /** Rejects when WeCom cannot be asked now; a refusal is kept for the page to show. */
  const check = async (): Promise<void> => {
    const at = clock.date()
    const lookAt = new Date(at.getTime() + hourMs)
    try {
      const left = await found()
      if (left.size > 0)
        await leavers.bulkWrite(
          [...left].map(([_id, set]) => ({
            updateOne: { filter: { _id }, update: { $set: set, $setOnInsert: { told: false } }, upsert: true },
          })),
        )
      await leavers.deleteMany({ _id: { $nin: [...left.keys()] } })
      await tell()
      await checks.updateOne({ _id: 'check' }, { $set: { at, problem: null, lookAt, nudged: false } }, { upsert: true })
    } catch (error) {
      const told = wecomOf(error)
      if (told !== null) {
        const problem = { errcode: told.errcode, hint: told.hint }
        await checks.updateOne({ _id: 'check' }, { $set: { problem, lookAt, nudged: false } }, { upsert: true })
      }
      throw error
    }
  }

  let begun = false
  const begin = async (now: Date): Promise<void> => {
    await checks.updateOne(
      { _id: 'check' },
      { $setOnInsert: { at: null, problem: null, lookAt: now, nudged: false } },
      { upsert: true },
    )
    begun = true
  }

  const sweep: Sweep = {
    stage: 'transfers.leavers',
    async run(now) {
      if (!begun) await begin(now)
      const due = await checks.findOneAndUpdate(
        { _id: 'check', lookAt: { $lte: now } },
        { $set: { lookAt: new Date(now.getTime() + graceMs), nudged: true } },
      )
      if (due === null) return 0
      await enqueue('transfers.leavers', {})
      return 1
    },
  }

  return {
    check,
    /** A member has left, or customers have moved: the next sweep looks. */
    soon: async (): Promise<void> =>
      void (await checks.updateOne({ _id: 'check' }, { $set: { lookAt: clock.date() } })),
    /** Due, or with a job already. */
    underWay: async (now: Date): Promise<boolean> =>
      (await checks.countDocuments({ $or: [{ lookAt: { $lte: now } }, { nudged: true }] })) > 0,
    sweep,
  }
}
