import { beforeEach, expect, it } from 'vitest'
import { recallSend } from '../../../server/commands/recall-send.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const hour = 3_600_000
const manager: SignedIn = { kind: 'member', userid: 'boss', name: '王敏', role: 'manager', scope: ['wang'] }
const stranger: SignedIn = { ...manager, scope: ['lina'] }

const setUp = async () => {
  const clock = movableClock(new Date('2026-03-02T04:00:00Z'))
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  const acts: string[] = []
  const recall = recallSend({
    sendsRead: rooms.sends,
    wantMany: rooms.outbox.wantMany,
    clock,
    audit: { record: async ({ act, subject }) => void acts.push(`${act} ${subject}`) },
  })
  const say = async (key: string, channel: 'app' | 'robot') => {
    const [intent] = await rooms.outbox.wantMany([
      {
        key,
        channel,
        userid: channel === 'app' ? 'wang' : null,
        groupId: channel === 'robot' ? 'g' : null,
        body: { text: '发错了', attachments: [] },
        expiresAt: new Date(clock.now() + hour),
      },
    ])
    await rooms.settle()
    return intent?._id ?? ''
  }
  return { clock, platform, recall, say, acts, settle: rooms.settle }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await setUp()
  await mongo.indexes()
})

it('a manager takes an app message back, once and within a day, and only from their people', async () => {
  const { clock, platform, recall, say, acts, settle } = await setUp()
  const id = await say('a', 'app')
  await expect(recall(stranger, id)).rejects.toMatchObject({ code: 'policy.forbidden' })
  await recall(manager, id)
  await recall(manager, id)
  await settle()
  expect((await platform.ledger()).filter(({ via }) => via === 'app')).toMatchObject([{ recalled: expect.any(Number) }])
  expect(acts).toEqual([`send.recall send:${id}`, `send.recall send:${id}`])
  clock.advance(24 * hour)
  await expect(recall(manager, id)).rejects.toMatchObject({ code: 'send.recall', status: 409 })
})

it('what a robot has said, or what is not there, cannot be taken back', async () => {
  const { recall, say } = await setUp()
  const key: SignedIn = { kind: 'key', name: 'script', role: 'admin' }
  await expect(recall(key, await say('r', 'robot'))).rejects.toMatchObject({ code: 'send.recall' })
  await expect(recall(key, 'int_nowhere')).rejects.toMatchObject({ code: 'not_found' })
})
