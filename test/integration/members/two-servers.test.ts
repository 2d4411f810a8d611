import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { members as endpoints } from '@zhiyin/shared/api/members'
import { connectRedis, type Redis } from '../../../server/platform/redis.ts'
import { apiKey } from '../../support/http.ts'
import { quietLog } from '../../support/log.ts'
import { membersRoom, serveMembers, type MembersRoom, type MembersWorld } from '../../support/members.ts'
import { useMongo } from '../../support/mongo.ts'
import { useRedis } from '../../support/redis.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const redis = useRedis()
const world = useWecom()
const others: Redis[] = []
const servers: { room: MembersRoom; url: string; close(): Promise<void> }[] = []

const startOne = async () => {
  const own = connectRedis(redis.url(), quietLog)
  others.push(own)
  const here: MembersWorld = { mongo: mongo.get(), redis: own, clock: world.clock, wecom: world.adapter() }
  const room = membersRoom(here)
  const { url, close } = await serveMembers(here, room)
  servers.push({ room, url, close })
}
beforeAll(async () => {
  await startOne()
  await startOne()
  await mongo.indexes()
  const [first] = servers
  await first?.room.departments.sync()
  await first?.room.members.save(await world.adapter().read.listUsers(1, { children: true }))
})
afterAll(async () => {
  for (const { close } of servers) await close()
  for (const own of others) own.disconnect()
})

const Me = z.object({ role: z.string(), timezone: z.literal('America/New_York') })
const ask = async (url: string, cookie: string) => {
  const answer = await fetch(`${url}/api/session`, { headers: { cookie } })
  return answer.ok ? Me.parse(await answer.json()).role : answer.status
}
const both = (cookie: string) => Promise.all(servers.map(({ url }) => ask(url, cookie)))
const cookieOf = async (userid: string) => (await servers[0]?.room.sessions.open(userid))?.split(';')[0] ?? ''

it('who leaves is out of both servers with the request after the callback, though both have just let them in', async () => {
  const cookie = await cookieOf('wangwei')
  for (let round = 0; round < 20; round += 1) {
    expect(await both(cookie)).toEqual(['rep', 'rep'])
    await servers[0]?.room.give('change_contact.delete_user', { userid: 'wangwei' })
    expect(await both(cookie)).toEqual([401, 401])
    await servers[1]?.room.members.refresh('wangwei')
  }
})

it('a role given on one holds on the other at once; so does shutting out', async () => {
  const cookie = await cookieOf('lina')
  expect(await both(cookie)).toEqual(['manager', 'manager'])
  const put = (path: string, body: unknown) =>
    fetch(`${servers[0]?.url}${path.replace(':id', 'lina')}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  expect((await put(endpoints.setRole.path, { role: 'rep' })).status).toBe(200)
  expect(await both(cookie)).toEqual(['rep', 'rep'])
  expect((await put(endpoints.setAccess.path, { allowed: false })).status).toBe(200)
  expect(await both(cookie)).toEqual([401, 401])
  expect((await put(endpoints.setAccess.path, { allowed: true })).status).toBe(200)
  expect(await both(cookie)).toEqual(['rep', 'rep'])
})

it('with Redis away nobody is let in by what was remembered', async () => {
  const cookie = await cookieOf('lina')
  expect(await both(cookie)).toEqual(['rep', 'rep'])
  for (const own of others) own.disconnect()
  await servers[0]?.room.members.leave('lina')
  expect(await both(cookie)).toEqual([401, 401])
})
