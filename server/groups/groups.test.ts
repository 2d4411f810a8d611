import { beforeEach, describe, expect, it } from 'vitest'
import { ContentInput } from '@zhiyin/shared/content'
import type { NewFact } from '@zhiyin/shared/fact'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { usePlatform } from '../../test/support/platform.ts'
import { sendingRooms } from '../../test/support/sending.ts'
import { createIds } from '../platform/id.ts'
import type { GroupChat } from '../wecom/types.ts'
import { createGroups } from './groups.ts'
import { groupModel } from './groups.model.ts'
import { createSeal } from './seal.ts'
import { pushRoom } from '../../test/support/pushes.ts'
import { GroupTierRule } from '@zhiyin/shared/group-tier'

const mongo = useMongo()
const startPlatform = usePlatform()
const noon = new Date('2026-03-02T04:00:00Z')
const webhook = 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=very-secret'

/** What members, join ways, welcomes and numbers need: test/integration/groups. */
const notHere = (): Promise<never> => Promise.reject(new Error('not part of this test'))

const setUp = async () => {
  const clock = movableClock(noon)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  const chats = new Map<string, GroupChat>()
  const facts = new Map<string, NewFact>()
  const chat = (chatId: string, outside: readonly string[]): GroupChat => ({
    chatId,
    name: `群${chatId}`,
    owner: 'wang',
    createdAt: noon,
    admins: [],
    memberVersion: outside.join(),
    members: [
      { id: 'wang', type: 1, joinedAt: noon, joinScene: 1 },
      ...outside.map((id) => ({ id, type: 2, joinedAt: noon, joinScene: 3 })),
    ],
  })
  const groups = createGroups({
    mongo: mongo.get(),
    clock,
    newId: createIds(clock),
    enqueue: async () => undefined,
    read: {
      async *groupChats() {
        yield [...chats.keys()].map((chatId) => ({ chatId, status: 0 }))
      },
      groupChat: async (chatId) => chats.get(chatId) ?? null,
      groupStats: notHere,
      groupStatsByDay: notHere,
      joinWay: notHere,
    },
    setup: {
      addJoinWay: notHere,
      updateJoinWay: notHere,
      deleteJoinWay: notHere,
      addGroupWelcome: notHere,
      editGroupWelcome: notHere,
      deleteGroupWelcome: notHere,
    },
    picture: notHere,
    ready: notHere,
    ensureCustomer: notHere,
    appendFacts: async (news) => {
      for (const fact of news) facts.set(fact.id, fact)
    },
    customersOf: async (ids) => new Map(ids.filter((id) => id !== 'stranger').map((id) => [id, `c_${id}`])),
    tierRule: async () => GroupTierRule.parse({}),
    tierCounts: async () => ({ A: 0, B: 0, C: 0 }),
    enableRobot: async () => undefined,
    names: async (ids) => new Map(ids.map((id) => [id, `${id}名`])),
    sessionSecret: 'x'.repeat(32),
  })
  const pushes = pushRoom(mongo.get(), clock, rooms, groups.tiers.refresh)
  return { clock, platform, rooms, chats, facts, chat, groups, pushes }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await setUp()
  await mongo.indexes()
})

it('seals and opens, differently each time, and only with its secret', () => {
  const seal = createSeal('a'.repeat(32))
  const sealed = seal.seal(webhook)
  expect(sealed).not.toContain('secret')
  expect(seal.seal(webhook)).not.toBe(sealed)
  expect(seal.open(sealed)).toBe(webhook)
  expect(() => createSeal('b'.repeat(32)).open(sealed)).toThrow()
})

describe('a push', () => {
  it('gives each group its tier’s variant, once per key, by owner or robot', async () => {
    const { chats, chat, groups, pushes, rooms, platform } = await setUp()
    const [vip, all] = [await platform.group('贵宾群'), await platform.group('福利群')]
    for (const chatId of [vip, all]) chats.set(chatId, chat(chatId, ['wm1']))
    const { items: synced } = await groups.syncAll()
    const [first, second] = [vip, all].map((chatId) => synced.find(({ name }) => name === `群${chatId}`))
    await groups.tiers.set(first?.id ?? '', 'A', 'mei')
    const inside = await groups.internal.add({ name: '内部', webhook, tier: 'B' }, 'mei')
    expect(JSON.stringify(inside)).not.toContain('secret')
    expect(JSON.stringify(await groupModel(mongo.get().connection).find().lean())).not.toContain('very-secret')
    const body = (text: string) => ({ text, attachments: [] })
    const content = await rooms.contents.create(
      ContentInput.parse({
        name: '周报',
        body: body('大家好'),
        variants: [
          { when: { tiers: ['A'] }, body: body('贵宾好') },
          { when: { tiers: ['B'] }, body: body('同事好') },
        ],
      }),
      'm',
    )
    const ask = {
      key: 'push-0001',
      contentId: content.id,
      groupIds: [first?.id ?? '', second?.id ?? '', inside.id],
    }
    const push = await pushes.push(ask)
    expect((await pushes.push(ask)).id).toBe(push.id)
    expect((await pushes.results.one(push.id)).results.map(({ preview }) => preview).sort()).toEqual([
      '同事好',
      '大家好',
      '贵宾好',
    ])
    await rooms.settle()
    expect((await platform.masses()).map(({ to: [to], text }) => ({ to, text }))).toEqual(
      expect.arrayContaining([
        { to: vip, text: '贵宾好' },
        { to: all, text: '大家好' },
      ]),
    )
    expect(await platform.masses()).toHaveLength(2)
    expect(await platform.received()).toMatchObject([{ via: 'robot', text: '同事好' }])
    expect((await pushes.results.one(push.id)).results.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
    expect((await pushes.results.list({ limit: 10 })).items).toMatchObject([
      { groups: 3, sent: 3, waiting: 2, stuck: 0 },
    ])
    expect(await groups.webhookOf(inside.id)).toBe(webhook)
    expect(await groups.robotGroupIds([inside.id, first?.id ?? ''])).toEqual([inside.id])
  })

  it('refuses an address that is no robot’s', async () => {
    const { groups } = await setUp()
    const input = { name: 'x', webhook: 'https://evil.example/steal?key=1', tier: 'C' as const }
    await expect(groups.internal.add(input, 'mei')).rejects.toMatchObject({ code: 'request.invalid' })
  })
})
