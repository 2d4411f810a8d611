import { expect, it } from 'vitest'
import { createFactMentions } from '../../../server/events/mentions.ts'
import { factModel } from '../../../server/events/facts.model.ts'
import { createFactsPersonal } from '../../../server/events/personal.ts'
import { groupChangeModel } from '../../../server/groups/changes.model.ts'
import { groupMemberModel } from '../../../server/groups/members.model.ts'
import { createGroupsPersonal } from '../../../server/groups/personal.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createBorder } from '../../../server/privacy/border.ts'
import { createGraves } from '../../../server/privacy/graves.ts'
import type { Person } from '../../../server/privacy/types.ts'
import { testVault } from '../privacy/vault.ts'
import { useGroups } from './room.ts'

const world = useGroups()
const connection = () => world.mongo.get().connection

/** Erases somebody as far as facts and groups hold them. */
const erase = async (external: string) => {
  const person: Person = {
    customerId: `c_${external}`,
    ids: [`c_${external}`],
    keys: [],
    externalUserIds: [external],
    contacts: [],
    userids: [],
    names: [],
    indexes: [],
  }
  const mongo = world.mongo.get()
  const newId = createIds(world.clock)
  await createFactsPersonal(mongo).forget(person)
  return createGroupsPersonal(mongo, newId, createFactMentions(mongo, newId)).forget(person)
}

const everything = async (): Promise<string> => {
  const docs = [factModel(connection()), groupMemberModel(connection()), groupChangeModel(connection())]
  return JSON.stringify(await Promise.all(docs.map((model) => model.collection.find({}).toArray())))
}

/** `ann` has invited `bob` into a group; both are customers, and it stands in both timelines. */
const invited = async () => {
  const [ann, bob] = [await world.newPerson('安安'), await world.newPerson('小波')]
  for (const id of [ann, bob]) world.customers.set(id, id)
  const chatId = await world.newGroup('老带新')
  await world.settle()
  await world.join(chatId, ann)
  await world.join(chatId, bob, 2)
  // The stand-in lets the owner invite; who it was is what counts here.
  await world.settle()
  await groupMemberModel(connection()).updateOne({ chatId, id: bob }, { inviter: ann, told: 'no' })
  await groupChangeModel(connection()).updateOne({ 'person.id': bob }, { inviter: ann })
  await factModel(connection()).deleteMany({ customerId: `c_${bob}` })
  await world.groups().refresh(chatId)
  const told = await world.facts()
  expect(told.map(({ type, customerId }) => [type, customerId])).toEqual(
    expect.arrayContaining([
      ['group.invited', `c_${ann}`],
      ['group.joined', `c_${bob}`],
    ]),
  )
  return { ann, bob, chatId }
}

it('of a guest who is erased the inviter’s timeline says that somebody came, and not who', async () => {
  const { ann, bob, chatId } = await invited()
  expect(await erase(bob)).toMatchObject({ memberships: 1, mentions: 1 })
  const text = await everything()
  for (const word of [bob, '小波']) expect(text).not.toContain(word)
  const [told, ...more] = (await world.facts()).filter(({ type }) => type === 'group.invited')
  expect([told?.customerId, told?.payload, more]).toEqual([`c_${ann}`, { chatId, name: '老带新' }, []])
  expect(await erase(bob)).toMatchObject({ memberships: 0, mentions: 0 })
})

it('of an inviter who is erased the guests’ timelines say that they came, and not by whom', async () => {
  const { ann, bob } = await invited()
  // They have left the group for good, and nothing else of them stands in it.
  await groupMemberModel(connection()).deleteMany({ id: ann })
  expect(await erase(ann)).toMatchObject({ memberships: 0, mentions: 1 })
  expect(await everything()).not.toContain(ann)
  expect((await world.facts()).find(({ type }) => type === 'group.joined')).toMatchObject({
    id: expect.stringContaining(bob),
    payload: { name: '老带新' },
  })
})

it('read anew, a guest has come by nobody where who brought them was erased since', async () => {
  const mongo = world.mongo.get()
  const graves = createGraves({ mongo, vault: testVault() })
  const { groupChat, getCustomer, batchGetByUser } = world.adapter().read
  const { ann, bob, chatId } = await invited()
  const read = {
    getCustomer,
    batchGetByUser,
    groupChat: async (id: string) => {
      const group = await groupChat(id)
      if (group === null) return null
      const members = group.members.map((one) => (one.id === bob ? { ...one, inviter: ann } : one))
      return { ...group, members }
    },
  }
  const definitions = async () => Promise.reject(new Error('a group asks for none'))
  const border = createBorder({ vault: testVault(), graves, definitions }).wecom(read)
  const inviters = async () => (await border.groupChat(chatId))?.members.map(({ id, inviter }) => [id, inviter])
  expect(await inviters()).toContainEqual([bob, ann])
  await world.advance(60_000)
  await graves.bury([`external_userid:${ann}`], 'ers_1', world.clock.date())
  expect(await inviters()).toEqual([
    ['lina', undefined],
    [bob, undefined],
  ])
})
