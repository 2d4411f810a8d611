import { getJsApiSignature } from '@wecom/crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.receiver()
  await sandbox.member('lina', '李娜<b>')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const BACK = 'http://127.0.0.1:4000/api/login?next=%2Fsidebar'
const open = (page: string, query: Record<string, string> = {}, cookie = '') => {
  const all = new URLSearchParams({ appid: 'wwtest0000000001', redirect_uri: BACK, state: 'abc', ...query })
  return fetch(`${sandbox.url}${page}?${all.toString()}`, {
    redirect: 'manual',
    headers: cookie === '' ? {} : { cookie },
  })
}
const AUTHORIZE = '/connect/oauth2/authorize'

test('a known browser goes straight back with code and state; the code tells who it is, once', async () => {
  const response = await open(AUTHORIZE, {}, 'wecom_sandbox_user=lina')
  const target = new URL(response.headers.get('location') ?? '')
  expect(target.href).toMatch(/^http:\/\/127\.0\.0\.1:4000\/api\/login\?next=%2Fsidebar&code=\w+&state=abc$/)
  const code = target.searchParams.get('code') ?? ''
  expect(await sandbox.get('auth/getuserinfo', { code })).toEqual({ errcode: 0, errmsg: 'ok', userid: 'lina' })
  expect(await sandbox.get('auth/getuserinfo', { code })).toMatchObject({ errcode: 42022 })
})

test('an unknown browser is asked; choosing sets the cookie and goes back', async () => {
  const page = await (await open(AUTHORIZE)).text()
  expect(page).toContain('选择登录身份')
  expect(page).toContain('李娜&lt;b&gt;')
  const href = /href="([^"]+)" data-userid="wang"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const chosen = await fetch(sandbox.url + href, { redirect: 'manual' })
  expect(chosen.headers.get('set-cookie')).toMatch(/^wecom_sandbox_user=wang; path=\//)
  expect(chosen.headers.get('location')).toMatch(/^http:\/\/127\.0\.0\.1:4000\/api\/login\?.*code=/)
})

test('the QR login of a desktop asks even a known browser, and marks who it is', async () => {
  const response = await open(
    '/wwlogin/sso/login',
    { login_type: 'CorpApp', agentid: '1000002' },
    'wecom_sandbox_user=lina',
  )
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('当前身份')
})

test('the login panel: the page in its frame tells the page around it who signed in, or what is wrong', async () => {
  const QR = '/wwlogin/sso/login'
  const frame = { login_type: 'CorpApp', agentid: '1000002', version: '2.4.4', redirect_type: 'callback' }
  const told = (html: string) =>
    [...html.matchAll(/parent\.postMessage\((".*?[^\\]"),"(http[^"]+)"\)/g)].map(([, message = '', origin]) => {
      const said: unknown = JSON.parse(String(JSON.parse(message)))
      return { said, origin }
    })
  const origin = 'http://127.0.0.1:4000'
  expect(told(await (await open(QR, frame)).text())).toMatchObject([
    { said: { type: 'ww-iframe-handle:ready' }, origin },
    { said: { args: { type: 'call', name: 'onCheckWeComLogin', payload: { isWeComLogin: false } } }, origin },
  ])
  const [done] = told(await (await open(QR, { ...frame, sandbox_user: 'lina' })).text())
  expect(done).toMatchObject({
    said: { args: { name: 'onLoginSuccess', payload: { code: expect.any(String) } } },
    origin,
  })
  const top = await (await open(QR, { ...frame, redirect_type: 'top', sandbox_user: 'lina' })).text()
  expect(top).toMatch(/top\.location\.href="http:\/\/127\.0\.0\.1:4000\/api\/login\?.*code=/)
  const [failed] = told(await (await open(QR, { ...frame, redirect_uri: 'https://evil.example/</script>' })).text())
  expect(failed).toMatchObject({ said: { args: { name: 'onLoginFail', payload: { errCode: 50001 } } } })
})

test('a redirect to another host than the trusted domain is refused with 50001', async () => {
  const response = await open(AUTHORIZE, { redirect_uri: 'https://evil.example/in' }, 'wecom_sandbox_user=lina')
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('50001')
})

test('a code is good for five minutes, a user ticket for half an hour', async () => {
  const codeOf = async (query = {}) =>
    new URL((await open(AUTHORIZE, query, 'wecom_sandbox_user=lina')).headers.get('location') ?? '').searchParams.get(
      'code',
    ) ?? ''
  const stale = await codeOf()
  await sandbox.advance(301_000)
  expect(await sandbox.get('auth/getuserinfo', { code: stale })).toMatchObject({ errcode: 42003 })
  const code = await codeOf({ scope: 'snsapi_privateinfo', agentid: '1000002' })
  const { user_ticket } = await sandbox.get('auth/getuserinfo', { code })
  expect(await sandbox.post('auth/getuserdetail', { user_ticket })).toMatchObject({ userid: 'lina', gender: '0' })
  await sandbox.advance(1_801_000)
  expect(await sandbox.post('auth/getuserdetail', { user_ticket })).toMatchObject({ errcode: 84014 })
})

test('the page signature: the app ticket for agentConfig, the corp ticket for config, never the other way', async () => {
  const { ticket: app } = await sandbox.get('ticket/get', { type: 'agent_config' })
  const { ticket: corp } = await sandbox.get('get_jsapi_ticket')
  const url = 'http://127.0.0.1:4000/sidebar/?x=1'
  const verify = (kind: string, ticket: unknown, more: object = {}) => {
    const signed = getJsApiSignature({ url, ticket: String(ticket), nonceStr: 'n', timestamp: 1 })
    return sandbox.act('jsapi/verify', {
      kind,
      corpid: 'wwtest0000000001',
      agentid: '1000002',
      url: `${url}#/chat`,
      ...signed,
      ...more,
    })
  }
  expect(await verify('agentConfig', app)).toEqual({ ok: true, err_msg: 'agentConfig:ok' })
  expect(await verify('config', corp)).toEqual({ ok: true, err_msg: 'preVerifyJSAPI:ok' })
  expect(await verify('agentConfig', corp)).toMatchObject({ ok: false, err_msg: expect.stringContaining('40093') })
  expect(await verify('agentConfig', app, { url: `${url}&y=2` })).toMatchObject({ ok: false })
  expect(await verify('agentConfig', app, { url: 'https://evil.example/' })).toMatchObject({ ok: false })
  expect(await verify('agentConfig', app, { agentid: '7' })).toMatchObject({ ok: false })
  await sandbox.advance(7_201_000)
  expect(await verify('agentConfig', app)).toMatchObject({ ok: false })
})
