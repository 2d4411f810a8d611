import type { Mongo } from '../platform/mongo.ts'
import { contactPatch } from './contact-patch.ts'
import { customerCollection, type ContactFollow } from './customers.model.ts'
import type { NotedPhones } from './identities/noted-phones.ts'

/** What a rep noted of a customer; an absent field stays as it is, '' and [] empty it. */
export type ContactNote = {
  readonly remark?: string
  readonly description?: string
  readonly company?: string
  readonly mobiles?: readonly string[]
}

const noted = (follow: ContactFollow, { mobiles, ...texts }: ContactNote): ContactFollow => {
  const { remark = follow.remark, description = follow.description, company = follow.company } = texts
  const { remark: _remark, description: _description, company: _company, ...rest } = follow
  return {
    ...rest,
    ...(remark ? { remark } : {}),
    ...(description ? { description } : {}),
    ...(company ? { company } : {}),
    mobiles: mobiles === undefined ? follow.mobiles : [...mobiles],
  }
}

export type NoteContact = (
  customerId: string,
  userid: string,
  note: ContactNote,
  at: Date,
) => Promise<'kept' | 'late' | 'unknown'>

type Deps = { mongo: Mongo; notedPhones: NotedPhones['noted'] }

/**
 * Keeps what was just noted in WeCom through the API, since no callback tells of it. `at`: when WeCom had it; `late`: a later fetch is
 * kept already and knows better; `unknown`: WeCom has not told of this hold yet, so it has to be asked.
 */
export const createNoteContact = ({ mongo, notedPhones }: Deps): NoteContact => {
  const customers = customerCollection(mongo.connection)
  return async (customerId, userid, note, at) => {
    const written = await mongo.transaction(async (session) => {
      const doc = await customers.findOne({ _id: customerId }, { session })
      const contact = doc?.contact ?? null
      if (doc === null || contact === null || !contact.follows.some((one) => one.userid === userid)) return 'unknown'
      if (contact.fetchedAt > at) return 'late'
      const follows = contact.follows.map((one) => (one.userid === userid ? noted(one, note) : one))
      await customers.bulkWrite([contactPatch(doc, { ...contact, follows, fetchedAt: at })], { session })
      return follows
    })
    if (typeof written === 'string') return written
    await notedPhones([{ customerId, follows: written }])
    return 'kept'
  }
}
