import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createChannels } from '../../../server/channels/channels.ts'
import { createChannelsRead } from '../../../server/channels/read.ts'
import { sessionApi } from '../../../server/api/session.ts'
import { authRoutes } from '../../../server/members/auth-routes.ts'
import { membersHandlers } from '../../../server/members/handlers.ts'
import { createMembers } from '../../../server/members/members.ts'
import { createMembersRead } from '../../../server/members/read.ts'
import { createSessions } from '../../../server/members/session.ts'
import { createLoginState, isLocalPath } from '../../../server/members/state.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTags } from '../../../server/tags/tags.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import type { EventName, EventPayload } from '@zhiyin/shared/events'
import { callbackRoutes } from '../../../server/callback/routes.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const world = useWecom()
const publicUrl = 'http://127.0.0.1:3000'
const secret = 'a session secret of 32 characters and more'
let wecom: Wecom
let server: Server
let callback = ''

const room = () => {
  const members = createMembers({ mongo: mongo.get(), clock: world.clock, wecom: wecom.read })
  const read = createMembersRead({ mongo: mongo.get() })
  const sessions = createSessions({
    config: { SESSION_SECRET: secret, PUBLIC_URL: publicUrl },
    clock: world.clock,
    members: read,
  })
  return { members, read, sessions, loginState: createLoginState(secret, world.clock) }
}
const give = async <N extends EventName>(event: N, fields: EventPayload<N>) => {
  const table = membersHandlers(room().members)
  const now = world.clock.date()
  for (const handler of table[event] ?? []) {
    await handler.run({ id: 'inb_1', key: 'k', event, fields, createTime: now, receivedAt: now })
  }
}

beforeAll(async () => {
  wecom = world.adapter()
  room()
  createTagsRead({ mongo: mongo.get() })
  createChannelsRead({ mongo: mongo.get() })
  await mongo.indexes()
  const app = new Koa()
  app.silent = true
  const receiving = callbackRoutes({
    config: {
      WECOM_CORP_ID: 'ww0000000000000001',
      WECOM_CALLBACK_TOKEN: 'sandboxToken',
      WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    },
    clock: world.clock,
    append: () => Promise.resolve(),
    metrics: createMetrics(),
    log: quietLog,
  })
  const signing = authRoutes({ oauth: wecom.oauth, ...room(), log: quietLog })
  app.use(receiving.routes()).use(signing.routes())
  const handle = app.callback()
  server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  callback = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  await world.put('app', {
    callbackUrl: `${callback}/wecom/callback`,
    sidebarUrl: `${callback}/sidebar/`,
    trustedDomain: new URL(callback).host,
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('members', () => {
  it('follows contact changes: a newcomer, a rename that keeps the role, a leaver', async () => {
    const { members, read } = room()
    await world.act('members', { userid: 'zhao', name: '赵敏', department: [1] })
    await give('change_contact.create_user', { userid: 'zhao' })
    expect(await read.get('zhao')).toMatchObject({ name: '赵敏', role: 'rep', active: true })
    await members.setRole('zhao', 'manager')
    await world.act('members', { userid: 'zhao.min', name: '赵敏', department: [1] })
    await give('change_contact.update_user', { userid: 'zhao', newUserid: 'zhao.min' })
    expect(await read.get('zhao')).toMatchObject({ active: false })
    expect(await read.get('zhao.min')).toMatchObject({ role: 'manager', active: true })
    await give('change_contact.delete_user', { userid: 'zhao.min' })
    expect(await read.get('zhao.min')).toMatchObject({ active: false, role: 'manager' })
  })
})

describe('signing in', () => {
  const login = async (to: string): Promise<string> => {
    const { sessions, members, read, loginState } = room()
    const bounds = sessionApi({
      config: { PUBLIC_URL: callback, WECOM_CORP_ID: 'ww0000000000000001', WECOM_AGENT_ID: '1000002' },
      sessions,
      members,
      membersRead: read,
      oauth: wecom.oauth,
      loginState,
      tickets: wecom.tickets,
      audit: { record: () => Promise.resolve() },
    })
    const bound = bounds.find(({ endpoint }) => endpoint.path === '/api/session/login')
    const answer = await bound?.answer({
      params: {},
      query: { to, way: 'client' },
      body: {},
      actor: { kind: 'nobody' },
      lang: 'zh',
      requestId: 'r',
    })
    return z.object({ url: z.string() }).parse(answer).url
  }
  const go = (url: string) => fetch(url, { redirect: 'manual' })
  const back = async (to: string, userid: string): Promise<Response> => {
    const url = new URL(await login(to))
    url.searchParams.set('sandbox_user', userid)
    const redirect = await go(url.href)
    return go(redirect.headers.get('location') ?? '')
  }
  const cookieOf = (answer: Response): string =>
    /^zhiyin_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? ''

  it('goes to WeCom and back to where one was, with a cookie', async () => {
    const answer = await back('/console/rules?x=1&y=你', 'lina')
    expect(answer.status).toBe(302)
    expect(decodeURI(answer.headers.get('location') ?? '')).toBe('/console/rules?x=1&y=你')
    expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/)
    const { sessions } = room()
    expect(await sessions.memberOf(cookieOf(answer))).toMatchObject({ kind: 'member', userid: 'lina', name: '李娜' })
  })

  it('lets a member in who is not known here yet', async () => {
    await world.act('members', { userid: 'new', name: '新人', department: [1] })
    const answer = await back('/sidebar/', 'new')
    expect(await room().sessions.memberOf(cookieOf(answer))).toMatchObject({ userid: 'new', role: 'rep' })
  })

  it('ends after 12 hours, on signing out, and when the member leaves', async () => {
    const { members, sessions } = room()
    const cookie = cookieOf(await back('/', 'lina'))
    await members.leave('lina')
    expect((await room().sessions.memberOf(cookie)).kind).toBe('nobody')
    await members.refresh('lina')
    expect((await room().sessions.memberOf(cookie)).kind).toBe('member')
    expect((await sessions.memberOf(cookie)).kind).toBe('member')
    await members.signOut('lina')
    expect((await sessions.memberOf(cookie)).kind).toBe('member')
    world.clock.advance(6000)
    expect((await sessions.memberOf(cookie)).kind).toBe('nobody')
    const again = cookieOf(await back('/', 'lina'))
    expect((await room().sessions.memberOf(again)).kind).toBe('member')
    await world.advance(13 * 3_600_000)
    expect((await room().sessions.memberOf(again)).kind).toBe('nobody')
  })

  it('refuses forged cookies and states, other targets and used codes', async () => {
    const { sessions, loginState } = room()
    for (const cookie of ['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJsaW5hIiwiYXQiOjF9.']) {
      expect(await sessions.memberOf(cookie)).toEqual({ kind: 'nobody' })
    }
    const state = loginState.make('/a')
    expect(state).toMatch(/^[0-9A-Za-z]{1,128}$/)
    expect(loginState.holds(state, '/a')).toBe(true)
    expect(loginState.holds(state, '/b')).toBe(false)
    expect(loginState.holds(`${state.slice(0, -1)}x`, '/a')).toBe(false)
    world.clock.advance(11 * 60_000)
    expect(loginState.holds(state, '/a')).toBe(false)
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '', 'console']) {
      expect(isLocalPath(to)).toBe(false)
    }
    expect((await go(`${callback}/auth/callback?code=x&state=y&to=/`)).status).toBe(401)
    const fresh = loginState.make('/')
    expect((await go(`${callback}/auth/callback?code=x&state=${fresh}&to=/`)).status).toBe(401)
  })
})

describe('tags and channels', () => {
  const tagsRoom = () =>
    createTags({
      mongo: mongo.get(),
      newId: createIds(world.clock),
      setup: wecom.setup,
      wecom: wecom.read,
      log: quietLog,
    })

  it('makes a tag in both places, and follows WeCom’s changes', async () => {
    const tags = tagsRoom()
    const read = createTagsRead({ mongo: mongo.get() })
    const made = await tags.create({ name: '七号店', group: '来源' })
    expect(made.wecomId).not.toBeNull()
    await expect(tags.create({ name: '七号店', group: '来源' })).rejects.toMatchObject({ code: 'conflict.exists' })
    const other = await wecom.setup.addCorpTag({ group: '来源', name: '直播' })
    await tags.sync()
    await tags.sync()
    expect((await read.list()).map((tag) => tag.name).toSorted()).toEqual(['七号店', '直播'])
    expect(await read.byWecomIds([other.id, 'nowhere'])).toMatchObject([{ name: '直播', wecomId: other.id }])
    expect((await read.byIds([made.id]))[0]).toEqual(made)
  })

  it('keeps a tag local while WeCom cannot make it, and takes it there later', async () => {
    const tags = tagsRoom()
    await world.act('faults', { path: '/cgi-bin/externalcontact/add_corp_tag', kind: 'http_5xx', times: 1 })
    expect(await tags.create({ name: '晚到', group: '来源' })).toMatchObject({ wecomId: null })
    await tags.sync()
    const found = (await createTagsRead({ mongo: mongo.get() }).list()).filter((tag) => tag.name === '晚到')
    expect(found).toMatchObject([{ wecomId: expect.any(String) }])
  })

  it('makes a channel whose state names it', async () => {
    const channels = createChannels({
      mongo: mongo.get(),
      clock: world.clock,
      newId: createIds(world.clock),
      setup: wecom.setup,
    })
    const read = createChannelsRead({ mongo: mongo.get() })
    const wanted = { name: '七号店', userids: ['lina'], tagIds: ['tag_1'], by: 'lina' }
    const made = await channels.create(wanted)
    expect(await read.byState(made.state)).toEqual({ id: made.id, name: '七号店', tagIds: ['tag_1'] })
    expect(await read.byState(made.state.toUpperCase())).toBeNull()
    expect((await read.list())[0]).toEqual(made)
    await expect(channels.create(wanted)).rejects.toMatchObject({ code: 'conflict.exists' })
  })
})
