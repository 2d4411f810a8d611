import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readBody } from './api/body.ts'
import { BRIDGE_JS } from './bridge.ts'
import { startSandbox, type Sandbox } from './testing/harness.ts'

const PAGE = '<!doctype html><html><head lang="zh"><script src="/sdk.js"></script></head><body>侧边栏</body></html>'
let product: Server
let sandbox: Sandbox
let webview: string

beforeAll(async () => {
  product = createServer((request, response) => {
    if (request.url === '/go') {
      response.writeHead(302, { location: `http://${request.headers.host ?? ''}/sidebar/?a=1` }).end()
    } else if (request.url === '/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    } else if (request.url === '/echo') {
      void echo(request, response)
    } else {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'x-frame-options': 'DENY',
        'content-security-policy': "script-src 'nonce-abc'; frame-ancestors 'none'",
        etag: '"1"',
      })
      response.end(PAGE)
    }
  })
  await new Promise<void>((resolve) => product.listen(0, '127.0.0.1', () => resolve()))
  const { port } = z.object({ port: z.int() }).parse(product.address())
  sandbox = await startSandbox({ webviewPort: 0, upstream: `http://127.0.0.1:${port}` })
  webview = `http://127.0.0.1:${sandbox.wecom.webviewPort ?? 0}`
})
afterAll(async () => {
  await sandbox.close()
  product.closeAllConnections()
  product.close()
})

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
  response.end(JSON.stringify({ method: request.method, headers: request.headers, body: body?.toString() }))
}

const FRAME = { 'sec-fetch-dest': 'iframe', accept: 'text/html,*/*' }

test('a page in the frame gets the bridge before everything else, and may be framed by the chat page', async () => {
  const response = await fetch(`${webview}/sidebar/`, { headers: { ...FRAME, 'if-none-match': '"1"' } })
  expect(await response.text()).toBe(
    PAGE.replace('<script', '<script src="/__wecom_bridge.js" nonce="abc"></script><script'),
  )
  expect(response.headers.get('x-frame-options')).toBeNull()
  expect(response.headers.get('content-security-policy')).toBe(
    `script-src 'nonce-abc'; frame-ancestors 'self' ${sandbox.url}`,
  )
  expect(response.headers.get('etag')).toBeNull()
})

test('a page in a tab of its own is left as it is', async () => {
  const response = await fetch(`${webview}/sidebar/`, {
    headers: { 'sec-fetch-dest': 'document', accept: 'text/html' },
  })
  expect(await response.text()).toBe(PAGE)
})

test('methods, bodies, cookies and the forwarded headers pass', async () => {
  const response = await fetch(`${webview}/echo`, {
    method: 'PATCH',
    body: '你好',
    headers: { cookie: 'session=s', 'x-forwarded-for': '10.0.0.1' },
  })
  expect(response.status).toBe(201)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.json()).toMatchObject({
    method: 'PATCH',
    body: '你好',
    headers: {
      cookie: 'session=s',
      'x-forwarded-host': new URL(webview).host,
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '10.0.0.1, 127.0.0.1',
    },
  })
})

test('each member’s webview has a cookie jar of its own, and a tab has its own', async () => {
  const cookie = 'zhiyin=tab; wecom_sandbox_user=lina; wv.lina.zhiyin=hers; wv.li.zhiyin=no; wv.lina%2Ex.zhiyin=no'
  const ask = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(`${webview}${path}`, { headers: { cookie, ...headers } })
    const sent = z.object({ headers: z.object({ cookie: z.string().optional() }) }).parse(await response.json())
    return { up: sent.headers.cookie, down: response.headers.getSetCookie() }
  }
  const hers = { up: 'zhiyin=hers', down: ['wv.lina.a=1', 'wv.lina.b=2'] }
  const tabs = { up: 'zhiyin=tab; wecom_sandbox_user=lina', down: ['a=1', 'b=2'] }
  const from = (path: string) => ({ 'sec-fetch-dest': 'empty', referer: `${webview}${path}` })

  expect(await ask('/echo', { 'sec-fetch-dest': 'iframe' })).toEqual(hers)
  expect(await ask('/echo', from('/sidebar/me?chat=1'))).toEqual(hers)
  expect(await ask('/echo', from('/console/customers'))).toEqual(tabs)
  expect(await ask('/echo', { 'sec-fetch-dest': 'document' })).toEqual(tabs)
  expect(await ask('/echo', {})).toEqual(tabs)
  expect(await ask('/echo', { ...from('/sidebar/me'), cookie: 'zhiyin=tab; wecom_sandbox_user=chen.li' })).toEqual({
    up: undefined,
    down: ['wv.chen%2Eli.a=1', 'wv.chen%2Eli.b=2'],
  })

  // What a page asks for follows where that page was shown last.
  await fetch(`${webview}/console/`, { headers: { cookie, 'sec-fetch-dest': 'iframe' } })
  expect(await ask('/echo', from('/console/'))).toEqual(hers)
  const others = cookie.replace('user=lina', 'user=wangmin')
  expect(await ask('/echo', { ...from('/console/'), cookie: others })).toEqual(hers)
  await fetch(`${webview}/sidebar/`, { headers: { 'sec-fetch-dest': 'document' } })
  expect(await ask('/echo', from('/sidebar/'))).toEqual(tabs)
})

test('events stream through at once; redirects stay in the webview', async () => {
  const gone = new AbortController()
  const response = await fetch(`${webview}/stream`, { signal: gone.signal })
  const first = await response.body?.getReader().read()
  expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n')
  gone.abort()
  const redirect = await fetch(`${webview}/go`, { redirect: 'manual' })
  expect(redirect.headers.get('location')).toBe(`${webview}/sidebar/?a=1`)
})

test('a product that is down is said so in both languages', async () => {
  const lonely = await startSandbox({ webviewPort: 0, upstream: 'http://127.0.0.1:1' })
  const response = await fetch(`http://127.0.0.1:${lonely.wecom.webviewPort ?? 0}/`)
  expect(response.status).toBe(502)
  expect(await response.text()).toMatch(/连接不上[^]*does not answer/)
  await lonely.close()
})

test('the bridge: a client by its agent string, calls go to the parent without functions, answers come back', async () => {
  expect((await fetch(`${webview}/__wecom_bridge.js`)).headers.get('content-type')).toMatch(/javascript/)
  const posted: unknown[] = []
  const parent = { postMessage: (message: unknown) => posted.push(message) }
  let hear: (event: object) => void = () => undefined
  const window: Record<string, unknown> = {
    parent,
    name: 'en',
    addEventListener: (_name: string, handler: typeof hear) => (hear = handler),
  }
  const navigator = { userAgent: 'Chrome' }
  const answers: unknown[] = []
  const context = createContext({
    window,
    navigator,
    location: { href: 'http://a/?x=1' },
    document: { dispatchEvent: () => true },
    Event,
    answers,
  })
  runInContext(BRIDGE_JS, context)
  expect(navigator.userAgent).toBe('Chrome wxwork/4.1.36 MicroMessenger/7.0.1 Language/en')

  runInContext(
    `window.WeixinJSBridge.invoke('getContext', { a: 1, success() {} }, (answer) => answers.push(answer))`,
    context,
  )
  expect(posted).toEqual([{ zhiyinBridge: true, id: 1, name: 'getContext', params: { a: 1 }, url: 'http://a/?x=1' }])
  const answer = { zhiyinBridge: true, id: 1, answer: { err_msg: 'getContext:ok' } }
  hear({ source: 'somebody else', data: answer })
  expect(answers).toEqual([])
  hear({ source: parent, data: answer })
  hear({ source: parent, data: answer })
  expect(answers).toEqual([{ err_msg: 'getContext:ok' }])

  runInContext(`window.WeixinJSBridge.on('historyBack', (detail) => answers.push(detail))`, context)
  hear({ source: parent, data: { zhiyinBridge: true, event: 'historyBack', detail: { n: 2 } } })
  expect(answers.at(-1)).toEqual({ n: 2 })
  expect(posted.at(-1)).toEqual({ zhiyinBridge: true, asked: undefined, stopped: false })
  runInContext(`window.WeixinJSBridge.on('historyBack', () => false)`, context)
  hear({ source: parent, data: { zhiyinBridge: true, event: 'historyBack', ask: 7 } })
  expect(posted.at(-1)).toEqual({ zhiyinBridge: true, asked: 7, stopped: true })
})
