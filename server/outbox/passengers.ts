import { because, type Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { batchKeyOf } from './batch.ts'
import { intentCollection, type Carried, type IntentDoc } from './intents.model.ts'
import { moved } from './moves.ts'
import { nameOf } from './rank.ts'

/** How often what goes along looks after its message by itself; its end usually tells it. */
const lookMs = 600_000

/** One send that is to go along in the message of another. */
export type Join = {
  readonly winner: IntentDoc
  readonly loser: IntentDoc
  readonly carried: Carried
  readonly reasons: readonly Because[]
}

const riding = { state: 'permitted' as const, along: { $exists: true } }
const hasEnded = ({ state, delivery }: IntentDoc): boolean =>
  state === 'blocked' || state === 'failed' || (state === 'sent' && delivery !== 'none' && delivery !== 'waiting')
/** What happened to the message happened to everything in it. */
const shared: ReadonlySet<IntentDoc['delivery']> = new Set(['delivered', 'expired', 'not_friend', 'quota_used'])

type Deps = { mongo: Mongo; clock: Clock }

/**
 * Sends that go along in the message of another. They are never claimed: first they are marked as going along, then their words are
 * written to the other, and what is written there when it is claimed is what goes out. A crash in between leaves somebody who goes along
 * in nothing, and who is decided about anew when the other ends.
 */
export const createPassengers = ({ mongo, clock }: Deps) => {
  const intents = intentCollection(mongo.connection)

  /** Decided about by themselves again; what nobody wants any more is refused then, for the reason why. */
  const part = async (list: readonly IntentDoc[], reasons: readonly Because[]): Promise<void> => {
    if (list.length === 0) return
    const at = clock.date()
    const partOf = (docs: readonly IntentDoc[], refusal: Because | null) => {
      const set = { dueAt: at, ...(refusal === null ? {} : { refusal }) }
      const { guard, update } = moved('part', { at, because: reasons, lookAt: at, set })
      const { $set, $push } = update
      const filter = { _id: { $in: docs.map(({ _id }) => _id) }, ...guard, along: { $exists: true } }
      return { updateMany: { filter, update: { $set, $push, $unset: { along: 1 as const } } } }
    }
    const unwanted = list.filter(({ withdrawn }) => withdrawn !== undefined)
    const wanted = list.filter(({ withdrawn }) => withdrawn === undefined)
    await intents.bulkWrite(
      [
        ...(wanted.length === 0 ? [] : [partOf(wanted, null)]),
        ...unwanted.map((doc) => partOf([doc], doc.withdrawn ?? null)),
      ],
      { ordered: false },
    )
  }

  /** What others carry now, by their id. */
  const carriers = async (ids: readonly string[]): Promise<Map<string, IntentDoc>> =>
    new Map((await intents.find({ _id: { $in: [...new Set(ids)] } }).toArray()).map((doc) => [doc._id, doc]))

  /** Makes these go along; answers the winners as they stand then. Whoever was claimed meanwhile takes nobody along. */
  const join = async (joins: readonly Join[]): Promise<ReadonlyMap<string, IntentDoc>> => {
    if (joins.length === 0) return new Map()
    const at = clock.date()
    const lookAt = new Date(at.getTime() + lookMs)
    await intents.bulkWrite(
      joins.map(({ winner, loser, reasons }) => {
        const told = [because('send.along', { winner: nameOf(winner.cause) }), ...reasons]
        const set = { along: winner._id, ...(loser.lost === undefined ? {} : { lost: loser.lost }) }
        const { guard, update } = moved('join', { at, because: told, lookAt, set })
        return { updateOne: { filter: { _id: loser._id, ...guard }, update } }
      }),
      { ordered: false },
    )
    const joined = await intents.find({ _id: { $in: joins.map(({ loser }) => loser._id) }, ...riding }).toArray()
    const along = new Map(joined.map((doc) => [doc._id, doc.along]))
    const taken = new Map<string, { winner: IntentDoc; carries: Carried[] }>()
    for (const { winner, loser, carried } of joins) {
      if (along.get(loser._id) !== winner._id) continue
      const had = taken.get(winner._id)?.carries ?? winner.carries ?? []
      taken.set(winner._id, { winner, carries: [...had, carried] })
    }
    if (taken.size === 0) return new Map()
    await intents.bulkWrite(
      [...taken.values()].map(({ winner, carries }) => {
        const what = carries.map(({ name }) => name).join('、')
        const entry = { state: 'wanted' as const, at, because: [because('send.carries', { what })] }
        const set = { carries, batchKey: batchKeyOf({ ...winner, carries }) }
        return {
          updateOne: {
            filter: { _id: winner._id, state: 'wanted' as const },
            update: { $set: set, $push: { history: entry } },
          },
        }
      }),
      { ordered: false },
    )
    const now = await carriers([...taken.keys()])
    await part(
      joined.filter(({ _id, along: to = '' }) => !now.get(to)?.carries?.some(({ id }) => id === _id)),
      [],
    )
    return now
  }

  /**
   * Of what has just been claimed: as it stands with what goes along in it, without what nobody wants any more. Only what this answers may
   * be called for.
   */
  const aboard = async (claimed: readonly IntentDoc[]): Promise<IntentDoc[]> => {
    const mass = claimed.filter(({ channel }) => channel === 'mass' || channel === 'group_mass')
    if (mass.length === 0 || (await intents.findOne(riding, { projection: { _id: 1 } })) === null) return [...claimed]
    const ids = mass.map(({ _id }) => _id)
    const found = await intents.find({ ...riding, along: { $in: ids } }).toArray()
    if (found.length === 0) return [...claimed]
    const fresh = await carriers(found.flatMap(({ along = '' }) => along))
    const wanted = new Set(found.flatMap(({ _id, withdrawn }) => (withdrawn === undefined ? [_id] : [])))
    const aboard = await Promise.all(
      claimed.map(async (doc) => {
        const now = fresh.get(doc._id)
        if (now?.carries === undefined) return doc
        const carries = now.carries.filter(({ id }) => wanted.has(id))
        const batchKey = batchKeyOf({ ...now, carries })
        if (carries.length < now.carries.length)
          await intents.updateOne({ _id: doc._id, 'claim.id': doc.claim?.id ?? '' }, { $set: { carries, batchKey } })
        return { ...doc, carries, batchKey }
      }),
    )
    await part(
      found.filter(({ withdrawn }) => withdrawn !== undefined),
      [],
    )
    return aboard
  }

  /** What goes along ends as the message did that carried it; where that did not come to an end of its own, it is decided about anew. Safe to repeat. */
  const follow = async (ended: readonly IntentDoc[]): Promise<void> => {
    const byId = new Map(ended.filter(hasEnded).map((doc) => [doc._id, doc]))
    if (byId.size === 0) return
    const found = await intents.find({ ...riding, along: { $in: [...byId.keys()] } }).toArray()
    const arrives = ({ _id, along = '' }: IntentDoc): IntentDoc | undefined => {
      const of = byId.get(along)
      return of !== undefined && shared.has(of.delivery) && of.carries?.some(({ id }) => id === _id) ? of : undefined
    }
    const at = clock.date()
    const operations = found.flatMap((doc) => {
      const of = arrives(doc)
      if (of === undefined) return []
      const reasons = [...of.because, because('send.along', { winner: nameOf(of.cause) })]
      const set = { delivery: of.delivery, msgid: of.msgid, settledAt: at }
      const { guard, update } = moved('arrive', { at, because: reasons, lookAt: at, set })
      const history = { $each: [{ state: of.delivery, at, because: reasons }] }
      return [{ updateOne: { filter: { _id: doc._id, ...guard }, update: { ...update, $push: { history } } } }]
    })
    if (operations.length > 0) await intents.bulkWrite(operations, { ordered: false })
    await part(
      found.filter((doc) => arrives(doc) === undefined),
      [because('send.alone_again')],
    )
  }

  /** What goes along and has heard nothing for a while looks itself. */
  const look = async (along: readonly IntentDoc[]): Promise<void> => {
    if (along.length === 0) return
    const carrying = await carriers(along.flatMap(({ along: to = '' }) => to))
    await follow([...carrying.values()])
    await part(
      along.filter(({ along: to = '' }) => !carrying.has(to)),
      [because('send.alone_again')],
    )
    const lookAt = new Date(clock.now() + lookMs)
    const due = { ...riding, _id: { $in: along.map(({ _id }) => _id) } }
    await intents.updateMany(due, { $set: { lookAt } })
  }

  return { join, aboard, follow, look }
}

export type Passengers = ReturnType<typeof createPassengers>
