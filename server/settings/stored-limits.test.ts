import { describe, expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { createSettings } from './settings.ts'

const mongo = useMongo()
const keep = async (limits: Record<string, unknown>) => {
  const settings = mongo.get().connection.collection<{ _id: string }>('settings')
  await settings.updateOne({ _id: 'settings' }, { $set: { limits } }, { upsert: true })
  const deps = { mongo: mongo.get(), clock: movableClock(), timezone: 'Asia/Shanghai', onChange: async () => undefined }
  return (await createSettings(deps).fresh()).limits
}

describe('limits that were kept before the quota had a period', () => {
  it('are so many a day', async () => {
    expect(await keep({ perDay: 5, platformPerDay: 2 })).toMatchObject({
      perDay: 5,
      platform: { period: 'day', count: 2 },
      reminders: { afterHours: 4, times: 2 },
    })
  })
  it('give way to what has been set since', async () => {
    const platform = { period: 'month', count: 31 }
    expect((await keep({ platformPerDay: 2, platform })).platform).toEqual(platform)
    expect((await keep({})).platform).toEqual({ period: 'day', count: 1 })
  })
})
