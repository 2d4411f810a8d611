import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isLocalPath, createLoginState } from '../../../server/members/state.ts'
import { membersRoom, serveMembers, type MembersRoom, type MembersWorld } from '../../support/members.ts'
import { useMongo } from '../../support/mongo.ts'
import { useRedis } from '../../support/redis.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const redis = useRedis()
const world = useWecom()
let room: MembersRoom
let server: Awaited<ReturnType<typeof serveMembers>>

beforeAll(async () => {
  const here: MembersWorld = { mongo: mongo.get(), redis: redis.get(), clock: world.clock, wecom: world.adapter() }
  room = membersRoom(here)
  await mongo.indexes()
  server = await serveMembers(here, room)
  const trustedDomain = new URL(server.url).host
  await world.put('trusted', { trustedDomain })
})
afterAll(() => server.close())

const Login = z.object({ url: z.string(), panel: z.null() })
const cookiesIn = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0] ?? '')
    .join('; ')

/** What a browser does: asks where to sign in, chooses who it is there, and comes back with its cookie. */
const start = async (to: string) => {
  const answer = await fetch(`${server.url}/api/session/login?way=client&to=${encodeURIComponent(to)}`)
  return { url: new URL(Login.parse(await answer.json()).url), cookie: cookiesIn(answer) }
}
const choose = async (url: URL, userid: string): Promise<string> => {
  url.searchParams.set('sandbox_user', userid)
  return (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
}
const open = (address: string, cookie: string, accept = 'text/html') =>
  fetch(address, { redirect: 'manual', headers: { cookie, accept } })
const back = async (to: string, userid: string): Promise<Response> => {
  const { url, cookie } = await start(to)
  return open(await choose(url, userid), cookie)
}
const sessionIn = (answer: Response): string => /zhiyin_session=([^;]+)/.exec(cookiesIn(answer))?.[1] ?? ''

describe('signing in', () => {
  it('goes to WeCom and back to where one was, with a cookie', async () => {
    const answer = await back('/console/rules?x=1&y=你', 'lina')
    expect(answer.status).toBe(302)
    expect(decodeURI(answer.headers.get('location') ?? '')).toBe('/console/rules?x=1&y=你')
    expect(answer.headers.getSetCookie().at(-1)).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/)
    expect(await room.sessions.memberOf(sessionIn(answer))).toMatchObject({ kind: 'member', userid: 'lina' })
    expect((await room.read.get('lina'))?.lastSeenAt).toEqual(world.clock.date())
  })

  it('lets a member in who is not known here yet', async () => {
    await world.act('members', { userid: 'new', name: '新人', department: [1] })
    expect(await room.sessions.memberOf(sessionIn(await back('/sidebar/', 'new')))).toMatchObject({
      userid: 'new',
      role: 'rep',
    })
  })

  it('ends after 12 hours, on signing out, and at once when the member leaves or is shut out', async () => {
    const cookie = sessionIn(await back('/', 'lina'))
    const kind = async () => (await room.sessions.memberOf(cookie)).kind
    expect(await kind()).toBe('member')
    await room.members.leave('lina')
    expect(await kind()).toBe('nobody')
    await room.members.refresh('lina')
    expect(await kind()).toBe('member')
    await room.members.setBarred('lina', true)
    expect(await kind()).toBe('nobody')
    await room.members.setBarred('lina', false)
    await room.members.signOut('lina')
    expect(await kind()).toBe('nobody')
    await world.advance(1000)
    const again = sessionIn(await back('/', 'lina'))
    expect((await room.sessions.memberOf(again)).kind).toBe('member')
    await world.advance(13 * 3_600_000)
    expect((await room.sessions.memberOf(again)).kind).toBe('nobody')
  })

  it('refuses forged cookies, and other targets than our own pages', async () => {
    for (const cookie of ['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJsaW5hIiwiYXQiOjF9.'])
      expect(await room.sessions.memberOf(cookie)).toEqual({ kind: 'nobody' })
    for (const to of ['//evil.example', '/\\evil.example', 'https://evil.example', '', 'console'])
      expect(isLocalPath(to)).toBe(false)
    expect((await fetch(`${server.url}/api/session/login?to=//evil.example`)).status).toBe(400)
  })
})

describe('the state', () => {
  it('holds for one browser, one target and ten minutes', () => {
    const states = createLoginState('a session secret of 32 characters and more', world.clock, true)
    const jar = new Map<string, string>()
    const cookies = {
      get: (name: string) => jar.get(name),
      set: (header: string) => void jar.set(header.split('=')[0] ?? '', /=([^;]*)/.exec(header)?.[1] ?? ''),
    }
    const state = states.make('/a', cookies)
    expect(state).toMatch(/^[0-9A-Za-z]{1,128}$/)
    expect(states.holds(state, '/a', cookies)).toBe(true)
    expect(states.holds(state, '/b', cookies)).toBe(false)
    expect(states.holds(`${state.slice(0, -1)}x`, '/a', cookies)).toBe(false)
    expect(states.holds(state, '/a', { get: () => undefined })).toBe(false)
    const second = states.make('/b', cookies)
    expect([states.holds(state, '/a', cookies), states.holds(second, '/b', cookies)]).toEqual([true, true])
    states.spend(cookies)
    expect(states.holds(state, '/a', cookies)).toBe(false)
    const late = states.make('/a', cookies)
    world.clock.advance(11 * 60_000)
    expect(states.holds(late, '/a', cookies)).toBe(false)
  })

  it('signs nobody in by a link that somebody else has made, nor twice by the same', async () => {
    const { url, cookie } = await start('/')
    const link = await choose(url, 'wangwei')
    expect((await open(link, '')).status).toBe(401)
    const first = await open(link, cookie)
    expect(first.status).toBe(302)
    const after = await open(link, cookiesIn(first))
    expect([after.status, sessionIn(after)]).toEqual([401, ''])
  })
})

describe('who cannot be let in is told why, with a way back', () => {
  const page = async (answer: Response) => {
    const html = await answer.text()
    return {
      status: answer.status,
      code: /data-code="([^"]+)"/.exec(html)?.[1],
      back: /<a href="([^"]+)"/.exec(html)?.[1],
    }
  }
  const failing = async (errcode: number) => {
    await world.act('faults', { path: '/cgi-bin/auth/getuserinfo', kind: 'errcode', errcode, times: 1 })
    return page(await back('/console/rules', 'wangwei'))
  }

  it.each([
    [42022, 401, 'session.code_used'],
    [42003, 401, 'session.code_expired'],
    [40029, 401, 'session.oauth_failed'],
    [50002, 403, 'session.out_of_range'],
  ])('WeCom answers %i', async (errcode, status, code) => {
    expect(await failing(errcode)).toEqual({ status, code, back: '/console/rules' })
  })

  it('a member outside the app’s range, a disabled one, one who was shut out', async () => {
    await world.act('members', { userid: 'far', name: '远', department: [1] })
    await world.act('faults', { path: '/cgi-bin/user/get', kind: 'errcode', errcode: 60011, times: 1 })
    expect(await page(await back('/', 'far'))).toMatchObject({ status: 403, code: 'session.out_of_range' })
    const { url, cookie } = await start('/')
    const link = await choose(url, 'far')
    await world.act('members/far/status', { status: 2 })
    expect(await page(await open(link, cookie))).toMatchObject({ status: 403, code: 'session.disabled' })
    await world.act('members/far/status', { status: 1 })
    await room.members.setBarred('far', true)
    expect(await page(await back('/', 'far'))).toMatchObject({ status: 403, code: 'session.barred' })
  })

  it('WeCom refuses us: the page says what an administrator must click', async () => {
    await world.act('faults', { path: '/cgi-bin/auth/getuserinfo', kind: 'errcode', errcode: 60020, times: 1 })
    const html = await (await back('/', 'wangwei')).text()
    expect(html).toMatch(/data-code="wecom.refused"[\s\S]*企业可信IP → 配置，加上 127\.0\.0\.1/)
  })

  it('a script gets the same as JSON', async () => {
    const answer = await open(`${server.url}/auth/callback?code=x&state=y&to=/`, '', 'application/json')
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'session.state' } })
  })
})
