import { afterAll, beforeAll, expect, it } from 'vitest'
import { handlersOf } from '@zhiyin/shared/events'
import { createInbox, type Inbox } from '../../../server/inbox/inbox.ts'
import { inboxModel } from '../../../server/inbox/inbox.model.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { connectMongo, type Mongo } from '../../../server/platform/mongo.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { startRelay, type Relay } from '../../support/relay.ts'

const mongo = useMongo()
const clock = movableClock()
let relay: Relay
let through: Mongo
let inbox: Inbox

beforeAll(async () => {
  const address = new URL(mongo.url())
  relay = await startRelay({ host: address.hostname, port: Number(address.port) })
  address.port = String(relay.port)
  address.searchParams.set('directConnection', 'true')
  through = await connectMongo(address.href, quietLog)
  inboxModel(mongo.get().connection)
  await mongo.indexes()
  inbox = createInbox({
    mongo: through,
    clock,
    newId: createIds(clock),
    enqueueMany: async () => undefined,
    log: quietLog,
    metrics: createMetrics(),
    handlers: handlersOf((on) => {
      on('change_external_chat.dismiss', { name: 'groups', lane: 'soon', run: async () => undefined })
    }),
  })
})
afterAll(async () => {
  await through.close()
  await relay.close()
})

const dismissed = (chatId: string) => ({
  event: 'change_external_chat.dismiss',
  fields: { chatId },
  createTime: clock.date(),
})
const stored = () => inboxModel(mongo.get().connection).countDocuments({})

it('a callback that is not durable within 4 s is refused; sent again it is the same one', async () => {
  await inbox.append(dismissed('wr0'))
  relay.stall()
  const began = performance.now()
  await expect(inbox.append(dismissed('wr1'))).rejects.toMatchObject({ code: 'storage.unavailable', status: 503 })
  expect(performance.now() - began).toBeLessThan(5_000)
  relay.mend()
  await inbox.append(dismissed('wr1'))
  expect(await stored()).toBe(2)
})

it('when 10,000 wait, the next is refused at once, and nothing that was taken is lost', async () => {
  const before = await stored()
  relay.stall()
  let answered = 0
  const taken = Array.from({ length: 10_000 }, (_each, index) =>
    inbox.append(dismissed(`wr-many-${index}`)).finally(() => (answered += 1)),
  )
  await expect(inbox.append(dismissed('wr-late'))).rejects.toMatchObject({ code: 'storage.unavailable' })
  expect(answered).toBe(0)
  relay.mend()
  await Promise.all(taken)
  expect(await stored()).toBe(before + 10_000)
  await inbox.append(dismissed('wr-late'))
})
