import { expect, it } from 'vitest'
import { createOutboxPersonal } from '../../../server/outbox/personal.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { sendingRooms } from '../../support/sending.ts'
import { testVault } from './vault.ts'

const mongo = useMongo()
const startPlatform = usePlatform()

it('messages to groups lose their words where they name somebody erased, or a number of theirs that is sealed', async () => {
  const clock = movableClock()
  const { outbox, sends } = sendingRooms(mongo.get(), clock, await startPlatform(clock))
  const vault = testVault(1)
  const say = (key: string, text: string) => ({
    key,
    channel: 'group_mass' as const,
    groupId: 'g1',
    chatId: 'wr_1',
    userid: 'wang',
    expiresAt: new Date(clock.now() + 86_400_000),
    ...vault.sealTexts({ body: { text, attachments: [] } }),
  })
  await outbox.wantMany([
    say('name', '欧阳晓雯的手链到了'),
    say('phone', '有事打 13900001111'),
    say('other', '有事打 13700002222'),
  ])
  const person = {
    customerId: 'cus_gone',
    ids: ['cus_gone'],
    keys: [],
    externalUserIds: [],
    contacts: ['13900001111'],
    userids: [],
    names: ['欧阳晓雯'],
    indexes: [vault.blind('phone', '13900001111')],
  }
  const personal = createOutboxPersonal({ mongo: mongo.get(), clock })
  expect(await personal.forget(person)).toMatchObject({ messagesToReps: 2 })
  expect(await personal.forget(person)).toMatchObject({ messagesToReps: 0 })
  const left = (await sends.list({ scope: null, limit: 10 })).items.map(({ state, body }) => [
    state,
    body === null ? null : vault.openText(body.text ?? ''),
  ])
  expect(left).toEqual([
    ['wanted', '有事打 13700002222'],
    ['blocked', null],
    ['blocked', null],
  ])
})
