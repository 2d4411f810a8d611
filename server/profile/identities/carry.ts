import type { ClientSession } from 'mongoose'
import type { Fact } from '@zhiyin/shared/fact'
import type { Enqueue } from '../../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../../flow/sweep.ts'
import { customerCollection } from '../customers.model.ts'
import { identityCollection } from '../identities.model.ts'
import { createKeepOne, createRefold, type RefoldDeps } from '../refold.ts'
import { mergeModel, type MergeDoc } from './merges.model.ts'
import type { OwnedRecords } from './types.ts'
import { createWholes } from './whole.ts'

const perPage = 500
/** So many pages at a time; a long life goes on in another job. */
const pagesAtOnce = 20
const againMs = 30_000

export type CarryDeps = RefoldDeps & {
  enqueue: Enqueue
  facts: RefoldDeps['facts'] & {
    readonly owners: {
      handOn(from: string, to: string, limit: number, session: ClientSession): Promise<Fact[]>
      giveBack(
        parting: { whole: string; to: string; parts: readonly string[]; wecom: boolean },
        limit: number,
        session: ClientSession,
      ): Promise<number>
    }
  }
  /** What other rooms keep of customers; asked for once everything is put together. */
  owned: () => readonly OwnedRecords[]
}

/**
 * Carries over what happened to a customer who has become part of another one, or gives it back once they part: facts first, page by page,
 * each page with what follows from it in one transaction; then what other rooms keep. The merge itself says how far it is, so whoever
 * takes it up after a crash, or beside somebody else, ends in the same.
 */
export const createCarry = (deps: CarryDeps) => {
  const { mongo, enqueue, facts, owned } = deps
  const merges = mergeModel(mongo.connection)
  const customers = customerCollection(mongo.connection)
  const identities = identityCollection(mongo.connection)
  const wholes = createWholes(mongo)
  const keepOne = createKeepOne(deps)
  const refold = createRefold(deps)

  /** True once nothing is left of `from`. */
  const handOnPage = (from: string): Promise<boolean> =>
    mongo.transaction(async (session) => {
      const to = await wholes.standing(from, session)
      const page = await facts.owners.handOn(from, to, perPage, session)
      const doc = await customers.findOne({ _id: to }, { session })
      if (doc !== null) await keepOne(doc, doc, page, session)
      return page.length < perPage
    })

  const giveBackPage = ({ from, whole = '', parts = [] }: MergeDoc): Promise<boolean> =>
    mongo.transaction(async (session) => {
      const known = await identities.findOne(
        { customerId: from, _id: { $gte: 'external_userid:', $lt: 'external_userid;' } },
        { session },
      )
      const parting = { whole, to: from, parts, wecom: known !== null }
      return (await facts.owners.giveBack(parting, perPage, session)) < perPage
    })

  const paged = async (page: () => Promise<boolean>): Promise<boolean> => {
    for (let n = 0; n < pagesAtOnce; n++) if (await page()) return true
    return false
  }

  const rooms = async ({ _id, state, step }: MergeDoc, move: (room: OwnedRecords) => Promise<void>): Promise<void> => {
    for (const [i, room] of owned().entries()) {
      if (i < step) continue
      await move(room)
      await merges.updateOne({ _id, state }, { $set: { step: i + 1 } })
    }
  }
  const end = ({ _id, state }: MergeDoc, ended: 'joined' | 'parted') =>
    merges.updateOne({ _id, state }, { $set: { state: ended }, $unset: { lookAt: 1, parts: 1, whole: 1 } })

  const joining = async (merge: MergeDoc): Promise<boolean> => {
    const { from } = merge
    if (!(await paged(() => handOnPage(from)))) return false
    const to = await wholes.standing(from)
    await rooms(merge, (room) => room.handOn({ from, to }))
    // What came in under the old name meanwhile.
    await paged(() => handOnPage(from))
    await facts.nudge([to])
    await end(merge, 'joined')
    return true
  }

  const parting = async (merge: MergeDoc): Promise<boolean> => {
    const { from, whole = '', parts = [] } = merge
    if (!(await paged(() => giveBackPage(merge)))) return false
    await refold(from)
    await refold(whole)
    await facts.nudge([from, whole])
    await rooms(merge, (room) => room.giveBack({ whole, to: from, parts }))
    await end(merge, 'parted')
    return true
  }

  /** 'profile.merge': goes on with a merge, or with a parting; one that is done is left alone. */
  const work = async (mergeId: string): Promise<void> => {
    const merge = await merges.findOne({ _id: mergeId }).lean<MergeDoc | null>()
    if (merge?.lookAt === undefined) return
    const done = merge.state === 'joining' ? await joining(merge) : await parting(merge)
    if (!done) await enqueue('profile.merge', { mergeId })
  }

  return {
    work,
    refold,
    sweep: {
      stage: 'profile.merges',
      async run(now) {
        const due = await merges
          .find({ lookAt: { $lte: now } }, { _id: 1 })
          .limit(100)
          .lean()
        if (due.length === 0) return 0
        await merges.updateMany(
          { _id: { $in: due.map(({ _id }) => _id) }, lookAt: { $lte: now } },
          { $set: { lookAt: new Date(now.getTime() + againMs) } },
        )
        for (const { _id } of due) await enqueue('profile.merge', { mergeId: _id })
        return due.length
      },
    } satisfies Sweep,
    backlog: {
      stage: 'profile.merges',
      async count() {
        const unfinished = { lookAt: { $exists: true } }
        const [pending, oldest] = await Promise.all([
          merges.countDocuments(unfinished),
          merges.findOne(unfinished, { at: 1 }).sort({ lookAt: 1 }).lean<{ at: Date } | null>(),
        ])
        return { pending, due: 0, dead: 0, oldestAt: oldest?.at ?? null }
      },
    } satisfies BacklogOf,
  }
}
