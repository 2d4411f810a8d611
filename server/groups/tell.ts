import type { NewFact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'

const perRound = 500

/** The facts a stay is told by: the guest's own, and the inviter's of the guest. */
export const joinedId = (stayId: string): string => `group.joined:${stayId}`
export const invitedId = (stayId: string): string => `group.invited:${stayId}`

export type TellDeps = {
  mongo: Mongo
  appendFacts: (facts: NewFact[]) => Promise<unknown>
  /** Customer ids by external_userid; those nobody knows are left out. */
  customersOf: (externalUserIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/**
 * Tells customers' timelines of their stays in groups: joined, left, and whom they invited. A stay that is no customer's is kept as a
 * stranger's, and told when they become one. A fact's id comes from the stay, so telling twice tells once.
 */
export const createTell = ({ mongo, appendFacts, customersOf }: TellDeps) => {
  const members = groupMemberModel(mongo.connection)
  const groups = groupModel(mongo.connection)

  const namesOf = async (chatIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const docs = await groups
      .find({ key: { $in: [...new Set(chatIds)] } }, { key: 1, name: 1 })
      .lean<Pick<GroupDoc, 'key' | 'name'>[]>()
    return new Map(docs.map(({ key, name }) => [key, name]))
  }

  const factsOf = (stay: GroupMemberDoc, customerId: string, name: string): NewFact[] => {
    const about = { chatId: stay.chatId, ...(name === '' ? {} : { name }) }
    const came = {
      ...about,
      joinScene: stay.joinScene,
      ...(stay.inviter === null ? {} : { inviter: stay.inviter }),
    }
    const joined: NewFact = {
      id: joinedId(stay._id),
      customerId,
      type: 'group.joined',
      at: stay.again ? stay.foundAt : stay.joinedAt,
      source: 'wecom',
      payload: came,
    }
    if (stay.leftAt === null) return [joined]
    const payload = { ...about, ...(stay.quitScene === null ? {} : { quitScene: stay.quitScene }) }
    return [
      joined,
      { id: `group.left:${stay._id}`, customerId, type: 'group.left', at: stay.leftAt, source: 'wecom', payload },
    ]
  }

  /** The inviter has shared the group with somebody, whoever that was. */
  const invitedBy = (stay: GroupMemberDoc, customerId: string, name: string): NewFact => ({
    id: invitedId(stay._id),
    customerId,
    type: 'group.invited',
    at: stay.joinedAt,
    source: 'wecom',
    payload: { chatId: stay.chatId, ...(name === '' ? {} : { name }), guest: stay.id, guestName: stay.name },
  })

  const mark = async (stays: readonly GroupMemberDoc[], told: 'yes' | 'stranger'): Promise<void> => {
    const ids = (leftToo: boolean) => stays.filter(({ leftAt }) => (leftAt !== null) === leftToo).map(({ _id }) => _id)
    // Who has left meanwhile is to be told once more.
    const still = { _id: { $in: ids(false) }, leftAt: null }
    const from = told === 'yes' ? { $ne: 'yes' as const } : ('no' as const)
    await members.updateMany({ ...still, told: from }, { $set: { told } })
    if (ids(true).length > 0) await members.updateMany({ _id: { $in: ids(true) }, told: from }, { $set: { told } })
  }

  const tell = async (stays: readonly GroupMemberDoc[]): Promise<void> => {
    if (stays.length === 0) return
    const people = stays.flatMap(({ id, inviter }) => (inviter === null ? [id] : [id, inviter]))
    const [known, names] = await Promise.all([
      customersOf([...new Set(people)]),
      namesOf(stays.map(({ chatId }) => chatId)),
    ])
    const facts = stays.flatMap((stay): NewFact[] => {
      const customerId = known.get(stay.id)
      const inviterId = known.get(stay.inviter ?? '')
      const name = names.get(stay.chatId) ?? ''
      return [
        ...(customerId === undefined ? [] : factsOf(stay, customerId, name)),
        ...(inviterId === undefined ? [] : [invitedBy(stay, inviterId, name)]),
      ]
    })
    if (facts.length > 0) await appendFacts(facts)
    const ours = stays.filter(({ id }) => known.has(id))
    if (ours.length > 0) await mark(ours, 'yes')
    if (ours.length < stays.length)
      await mark(
        stays.filter(({ id }) => !known.has(id)),
        'stranger',
      )
  }

  return {
    /** What of a group is not told yet. */
    async group(chatId: string): Promise<void> {
      for (;;) {
        const stays = await members.find({ chatId, told: 'no' }).limit(perRound).lean<GroupMemberDoc[]>()
        await tell(stays)
        if (stays.length < perRound) return
      }
    },
    /** They are customers now: their groups, present and past, belong to them. */
    async people(externalUserIds: readonly string[]): Promise<void> {
      const stays = await members
        .find({ id: { $in: [...externalUserIds] }, type: 2, told: { $ne: 'yes' } })
        .lean<GroupMemberDoc[]>()
      await tell(stays)
    },
  }
}

export type Tell = ReturnType<typeof createTell>
