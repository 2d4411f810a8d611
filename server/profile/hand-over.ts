import type { NewFact } from '@zhiyin/shared/fact'
import type { ClientSession } from 'mongoose'
import type { Mongo } from '../platform/mongo.ts'
import { contactPatch } from './contact-patch.ts'
import { customerCollection, type Contact, type CustomerDoc } from './customers.model.ts'
import { standing } from './state/follows.ts'

/** A customer who goes from one rep to another; `id` is the identity of the facts that tell of it. */
export type HandOver = { readonly id: string; readonly from: string; readonly to: string }
/** One that has come about, at a moment. */
export type HandedOver = HandOver & { readonly customerId: string; readonly at: Date }

export const takenOverId = ({ id }: HandOver): string => `contact.added:${id}`
export const handedOverId = ({ id }: HandOver): string => `contact.deleted_by_rep:${id}`
export const transferFailedId = ({ id }: HandOver): string => `contact.transfer_failed:${id}`

/** 分配: the hold was given by an admin or by a hand-over (apis.md: add_way 202), not by the customer. */
export const assigned = 202

const stands = ({ state }: CustomerDoc, userid: string): 'following' | 'gone' | 'unknown' => {
  const follow = state.follows.find((one) => one.userid === userid)
  if (follow === undefined) return 'unknown'
  return standing(follow).state === 'deleted_by_rep' ? 'gone' : 'following'
}

/** What of it has not been told yet: WeCom's own callbacks may have come first. */
const factsOf = (doc: CustomerDoc, done: HandedOver): NewFact[] => {
  const { from, to, at } = done
  const base = { customerId: doc._id, at, source: 'wecom' } as const
  const gone: NewFact = {
    ...base,
    id: handedOverId(done),
    type: 'contact.deleted_by_rep',
    payload: { userid: from, transfer: true, to },
  }
  const taken: NewFact = {
    ...base,
    id: takenOverId(done),
    type: 'contact.added',
    payload: { userid: to, transfer: true, from, addWay: assigned },
  }
  return [...(stands(doc, from) === 'gone' ? [] : [gone]), ...(stands(doc, to) === 'following' ? [] : [taken])]
}

/** WeCom gives the new rep the remark, description and tags of the old one; one who held the customer already keeps their own. */
const moved = (contact: Contact, { from, to, at }: HandedOver): Contact => {
  const old = contact.follows.find(({ userid }) => userid === from)
  const others = contact.follows.filter(({ userid }) => userid !== from)
  const held = others.some(({ userid }) => userid === to)
  const { state: _state, ...rest } = old ?? { tagIds: [], mobiles: [] }
  const fresh = { ...rest, userid: to, createdAt: at, addWay: assigned }
  return { ...contact, follows: held ? others : [...others, fresh], fetchedAt: at }
}

type Deps = {
  mongo: Mongo
  append: (facts: readonly NewFact[], session?: ClientSession) => Promise<unknown>
}

/**
 * Moves customers from one rep to another once WeCom has done so: no callback may tell of what was asked for through the API.
 * Facts and WeCom's word are written in one transaction; done twice it is done once. At most 100 at a time.
 */
export const createHandOver = ({ mongo, append }: Deps) => {
  const customers = customerCollection(mongo.connection)
  return (list: readonly HandedOver[]): Promise<void> =>
    mongo.transaction(async (session) => {
      const ids = list.map(({ customerId }) => customerId)
      const docs = await customers.find({ _id: { $in: ids } }, { session }).toArray()
      const known = new Map(docs.map((doc) => [doc._id, doc]))
      const both = list.flatMap((done) => {
        const doc = known.get(done.customerId)
        return doc === undefined ? [] : [{ doc, done }]
      })
      const patches = both.flatMap(({ doc, done }) =>
        doc.contact === null || doc.contact.fetchedAt >= done.at ? [] : [contactPatch(doc, moved(doc.contact, done))],
      )
      if (patches.length > 0) await customers.bulkWrite(patches, { session })
      await append(
        both.flatMap(({ doc, done }) => factsOf(doc, done)),
        session,
      )
    })
}
