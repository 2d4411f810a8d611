import { expect, it } from 'vitest'
import { buildView } from '../../support/sending.ts'
import { useMassRooms } from './rooms.ts'

const setUp = useMassRooms()

it('25,000 receivers of one text and one sender become three messages, and each receiver keeps its own end', async () => {
  const { platform, customers, outbox, want, settle, sends, tasks } = await setUp()
  const held = (await Promise.all([10_000, 10_000, 4_999].map((count) => platform.hasHeld(count)))).flat()
  // One who is nobody's customer in WeCom: the fail_list names them, and they never get a task.
  const ids = [...held, 'wmNOBODYNOBODYNOBODYNOBODYNOBODY']
  ids.forEach((externalUserId, index) => customers.set(`c${index}`, buildView({ id: `c${index}`, externalUserId })))
  for (let from = 0; from < ids.length; from += 1000)
    await outbox.wantMany(ids.slice(from, from + 1000).map((_, index) => want(`c${from + index}`)))
  await settle()

  const masses = await platform.masses()
  expect(masses.map(({ to }) => to.length).sort((a, b) => a - b)).toEqual([4_999, 10_000, 10_000])
  expect(new Set(masses.flatMap(({ to }) => to)).size).toBe(24_999)
  const waiting = await sends.list({ scope: null, state: 'sent', delivery: 'waiting', limit: 25_000 })
  expect(waiting.items).toHaveLength(24_999)
  expect((await sends.list({ scope: null, state: 'failed', limit: 10 })).items).toMatchObject([
    { customerId: 'c24999', because: [{ code: 'send.unreachable' }] },
  ])
  expect((await tasks.list({ scope: ['wang'], state: 'open', limit: 10 })).items).toHaveLength(3)
}, 120_000)

it('groups go 2,000 to a message', async () => {
  const { platform, outbox, want, settle } = await setUp()
  const chats = await Promise.all(Array.from({ length: 3 }, (_, index) => platform.group(`群 ${index}`)))
  const ghosts = Array.from({ length: 2_000 }, (_, index) => `wrGHOST${index}`)
  await outbox.wantMany(
    [...chats, ...ghosts].map((chatId, index) =>
      want('', { key: `g${index}`, channel: 'group_mass', customerId: null, groupId: `g${index}`, chatId }),
    ),
  )
  await settle()
  expect(await platform.calls('mass')).toBe(2)
  expect((await platform.masses()).flatMap(({ to }) => to).sort()).toEqual(chats.sort())
})
