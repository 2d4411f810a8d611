import type { ClientSession } from 'mongoose'
import { because } from '@zhiyin/shared/because'
import type { NewId } from '../../platform/id.ts'
import { createGather } from '../../platform/gather.ts'
import { AppError, notFound } from '../../platform/errors.ts'
import { createEnsureOwners } from '../ensure.ts'
import type { Blind, Identity } from '../identity.ts'
import { keyOf, kindOfKey } from '../identity.ts'
import { identityCollection } from '../identities.model.ts'
import type { Erased } from '../erased.ts'
import { createAliases } from './aliases.ts'
import { createCarry, type CarryDeps } from './carry.ts'
import { createDoubts } from './doubts.ts'
import { createJoin } from './join.ts'
import { createNotedPhones } from './noted-phones.ts'
import { createPart } from './part.ts'
import type { Owner } from './plan.ts'
import { createWholes } from './whole.ts'

/** Two customers a person says are one: `keep` stays, `other` becomes part of them. */
export type MergeAsk = { readonly keep: string; readonly other: string; readonly by: string; readonly note: string }

type Deps = CarryDeps & { newId: NewId; blind: Blind; erased: Erased }

/** More groups of identities than this make an exchange of their own. */
const fewGroups = 20

/** Who is who: whose identities are, who turns out to be one, and who parts again. */
export const createIdentities = (deps: Deps) => {
  const { mongo, clock, newId, enqueue, definitions, blind, erased } = deps
  const doubts = createDoubts({ mongo, clock })
  const phones = createNotedPhones({ mongo, doubts })
  const aliases = createAliases({ mongo, doubts })
  const join = createJoin({ mongo, clock, newId })
  const part = createPart({ mongo, clock, definitions })
  const carry = createCarry(deps)
  const wholes = createWholes(mongo)
  const identities = identityCollection(mongo.connection)

  const joined = (mergeId: string): Promise<void> => enqueue('profile.merge', { mergeId })
  const ensure = createEnsureOwners({
    mongo,
    clock,
    newId,
    definitions,
    erased,
    doubts,
    given: async (owners) => {
      await phones.given(owners)
      await aliases.given(owners)
    },
    join,
    joined,
  })
  const ensureMany = (groups: readonly (readonly Identity[])[]): Promise<Owner[]> =>
    ensure(groups.map((group) => group.map(blind)))
  const ensureOwner: (group: readonly Identity[]) => Promise<Owner> = createGather(ensureMany, { restMs: 10 })

  /** Whose many groups of identities are, in their order. Few join those whom others ask for. */
  const ensureOwners = (groups: readonly (readonly Identity[])[]): Promise<Owner[]> =>
    groups.length > fewGroups ? ensureMany(groups) : Promise.all(groups.map(ensureOwner))

  const inWecom = async (customerId: string, session: ClientSession): Promise<boolean> => {
    const found = await identities.find({ customerId }, { session, projection: { _id: 1 } }).toArray()
    return found.some(({ _id }) => kindOfKey(_id) === 'external_userid')
  }

  return {
    ensureCustomer: async (group: readonly Identity[]): Promise<string> => (await ensureOwner(group)).customerId,
    ensureCustomers: async (groups: readonly (readonly Identity[])[]): Promise<string[]> =>
      (await ensureOwners(groups)).map(({ customerId }) => customerId),
    /**
     * The same for whoever tells facts: of a customer who was made of several, the one it comes through. Facts told of them are sent on to
     * who stands for them, and go back with them should they part.
     */
    ensureParts: async (groups: readonly (readonly Identity[])[]): Promise<string[]> =>
      (await ensureOwners(groups)).map(({ customerId, of }) => of ?? customerId),

    /** Somebody says that two sets of identities are those of one person. Of the first only what is known counts, where anything is. */
    async link(first: readonly Identity[], second: readonly Identity[]): Promise<void> {
      const keys = first.map((one) => keyOf(blind(one)))
      const found = await identities.find({ _id: { $in: keys } }, { projection: { _id: 1 } }).toArray()
      const known = new Set(found.map(({ _id }) => _id))
      const named = first.filter((_one, i) => known.has(keys[i] ?? ''))
      await ensureOwners([[...second, ...(named.length > 0 ? named : first.slice(-1))]])
      if (named.length === 0) await aliases.noted(keys)
    },

    /** A person says that two are one. Answers the merge. Throws merge.same, merge.two_in_wecom, merge.keep_wecom. */
    async merge({ keep, other, by, note }: MergeAsk): Promise<{ mergeId: string; into: string; from: string }> {
      const begun = await mongo.transaction(async (session) => {
        const [into, from] = [await wholes.standing(keep, session), await wholes.standing(other, session)]
        if (into === from) throw new AppError('merge.same')
        const [intoKnown, fromKnown] = [await inWecom(into, session), await inWecom(from, session)]
        if (intoKnown && fromKnown) throw new AppError('merge.two_in_wecom')
        if (fromKnown) throw new AppError('merge.keep_wecom')
        await doubts.decide([into, from], { state: 'same', by, note }, session)
        const why = { identities: [], because: [because('merge.by_person', { by })], by, note }
        return { into, from, mergeId: await join({ into, from, ...why }, session) }
      })
      await carry.work(begun.mergeId)
      return begun
    },

    /** A person says that two who were made one are two. Throws merge.state. */
    async part(mergeId: string, said: { by: string; note: string }) {
      const parting = await part(mergeId, said)
      await carry.work(mergeId)
      return parting
    },

    /** A person says that two are not one: they are never made one by themselves. */
    async different(pair: readonly [string, string], said: { by: string; note: string }): Promise<void> {
      if (pair[0] === pair[1]) throw notFound('pair', pair[0])
      await doubts.decide(pair, { state: 'different', ...said })
    },

    /** Reps have noted these phones. */
    notedPhones: phones.noted,
    work: carry.work,
    refold: carry.refold,
    sweep: carry.sweep,
    backlog: carry.backlog,
  }
}
