import { beforeEach } from 'vitest'
import type { WantInput } from '../../../server/outbox/read.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { buildView, sendingRooms } from '../../support/sending.ts'

export const hour = 3_600_000
export const day = 24 * hour
/** 12:00 in Shanghai, a Monday. */
export const noon = new Date('2026-03-02T04:00:00Z')

/** The rooms that send, on a real database and a stand-in of its own, with wang (王伟) and lina (李娜). `before`: comes between the claim and the call. */
export const useMassRooms = () => {
  const mongo = useMongo()
  const startPlatform = usePlatform()
  beforeEach(async () => {
    await mongo.get().connection.dropDatabase()
  })

  return async ({ before, ...options }: { gatherMs?: number; before?: () => Promise<void> } = {}) => {
    const clock = movableClock(noon)
    const platform = await startPlatform(clock)
    await platform.member('lina', '李娜')
    const addMassMessage: typeof platform.write.addMassMessage = async (message) => {
      await before?.()
      return platform.write.addMassMessage(message)
    }
    const write = { ...platform.write, addMassMessage }
    const rooms = sendingRooms(mongo.get(), clock, { ...platform, write }, options)
    await mongo.indexes()
    rooms.limits.quietHours = null

    /** A customer of wang, by the name of their id; with `others` of more reps, each holding them an hour less long. */
    const customer = async (id: string, others: readonly string[] = []): Promise<string> => {
      const { externalUserId } = await platform.befriend(id)
      for (const userid of others) await platform.alsoHeldBy(userid, externalUserId)
      const follows = ['wang', ...others].map((userid, index) => ({
        userid,
        state: 'following' as const,
        since: new Date(noon.getTime() - day + index * hour),
        channelId: null,
      }))
      rooms.customers.set(id, buildView({ id, externalUserId, follows: follows.toReversed() }))
      return externalUserId
    }
    const want = (customerId: string, over: Partial<WantInput> = {}): WantInput => ({
      key: `${customerId}:s1`,
      channel: 'mass',
      customerId,
      externalUserId: rooms.customers.get(customerId)?.externalUserId ?? null,
      userid: 'wang',
      body: { text: '在吗', attachments: [] },
      cause: { ruleId: 'r', rule: '召回', runId: customerId, stepId: 's1' },
      expiresAt: new Date(clock.now() + 72 * hour),
      ...over,
    })
    /** The newest send to a customer. */
    const newest = async (customerId: string) =>
      (await rooms.sends.list({ scope: null, customerId, limit: 1 })).items[0]
    const later = async (ms: number): Promise<void> => {
      clock.advance(ms)
      await rooms.settle()
    }
    return { clock, platform, mongo: mongo.get(), ...rooms, customer, want, newest, later }
  }
}
