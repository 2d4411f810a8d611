import { createServer, type Server } from 'node:http'
import { request } from 'node:http'
import { encrypt, getSignature } from '@wecom/crypto'
import Koa from 'koa'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { callbackRoutes, type ReceivedEvent } from '../../../server/callback/routes.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'

const config = {
  WECOM_CORP_ID: 'wwcorpid0123456789',
  WECOM_CALLBACK_TOKEN: 'TOKEN123',
  WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  WECOM_CALLBACK_TOKEN_PREVIOUS: 'OLD',
  WECOM_CALLBACK_AES_KEY_PREVIOUS: '0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
}
const clock = movableClock(new Date(1_700_000_000_000))
const stored: ReceivedEvent[] = []
const refusals: string[] = []
let broken = false
let server: Server
let url = ''

beforeAll(async () => {
  const app = new Koa()
  const router = callbackRoutes({
    config,
    clock,
    append: (event) => {
      if (broken) return Promise.reject(new Error('no database'))
      stored.push(event)
      return Promise.resolve()
    },
    refused: (why) => refusals.push(why),
    metrics: createMetrics(),
    log: quietLog,
  })
  app.use(router.routes())
  const handle = app.callback()
  server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/wecom/callback`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  stored.length = 0
  refusals.length = 0
  broken = false
})

type How = { token?: string; key?: string; corp?: string; seconds?: number }
const inner = (extra = '') =>
  `<xml><ToUserName><![CDATA[${config.WECOM_CORP_ID}]]></ToUserName><FromUserName>sys</FromUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType><UserID>lina</UserID><ExternalUserID>wm1</ExternalUserID>${extra}</xml>`
const sealed = (
  text: string,
  {
    token = 'TOKEN123',
    key = config.WECOM_CALLBACK_AES_KEY,
    corp = config.WECOM_CORP_ID,
    seconds = 1_700_000_000,
  }: How = {},
) => {
  const encrypted = encrypt(key, text, corp)
  const nonce = 'n1'
  const signature = getSignature(token, String(seconds), nonce, encrypted)
  return { encrypted, query: new URLSearchParams({ msg_signature: signature, timestamp: String(seconds), nonce }) }
}
const envelope = (encrypted: string) =>
  `<xml><ToUserName><![CDATA[x]]></ToUserName><AgentID></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
const post = async (text: string, how: How = {}, wrap = envelope) => {
  const { encrypted, query } = sealed(text, how)
  const answer = await fetch(`${url}?${query.toString()}`, { method: 'POST', body: wrap(encrypted) })
  return { status: answer.status, text: await answer.text() }
}

describe('POST /wecom/callback', () => {
  it('stores an event and answers success', async () => {
    expect(await post(inner())).toEqual({ status: 200, text: 'success' })
    expect(stored).toEqual([
      {
        event: 'change_external_contact.add_external_contact',
        fields: { from: 'sys', userid: 'lina', externalUserId: 'wm1' },
        createTime: new Date(1_700_000_000_000),
      },
    ])
  })

  it('reads an envelope without CDATA and in another order', async () => {
    const wrap = (encrypted: string) => `<xml>\n<Encrypt>${encrypted}</Encrypt><ToUserName>x</ToUserName></xml>`
    expect((await post(inner(), {}, wrap)).status).toBe(200)
    expect((await post(inner(), {}, (e) => `<xml><Encrypt> <![CDATA[${e}]]></Encrypt></xml>`)).status).toBe(403)
  })

  it('accepts token and key of before a rotation', async () => {
    const old = { token: 'OLD', key: config.WECOM_CALLBACK_AES_KEY_PREVIOUS }
    expect((await post(inner(), old)).status).toBe(200)
  })

  it('stores what it does not know, too', async () => {
    expect((await post(inner().replace('add_external_contact', 'brand_new'))).status).toBe(200)
    expect(stored[0]?.event).toBe('change_external_contact.brand_new')
  })

  it.each([
    ['a forged signature', 403, 'signature', () => post(inner(), { token: 'TOKEN123x' })],
    ['another receiver', 403, 'receiver', () => post(inner(), { corp: 'ww9999999999999999' })],
    ['a replay of yesterday', 403, 'stale', () => post(inner(), { seconds: 1_700_000_000 - 86_400 })],
    ['a time in the future', 403, 'stale', () => post(inner(), { seconds: 1_700_000_000 + 3600 })],
    ['another key', 400, 'garbled', () => post(inner(), { key: 'Z'.repeat(43) })],
    ['a bomb inside', 400, 'garbled', () => post(`<!DOCTYPE xml [<!ENTITY a "b">]>${inner('<R>&a;</R>')}`)],
    [
      'a bomb outside',
      400,
      'garbled',
      () => post(inner(), {}, (e) => `<!DOCTYPE xml [<!ENTITY a "b">]>${envelope(e)}`),
    ],
    ['no XML inside', 400, 'garbled', () => post('hello')],
    ['no MsgType inside', 400, 'garbled', () => post('<xml><Event>view</Event></xml>')],
    ['no XML outside', 400, 'garbled', () => post(inner(), {}, () => '{"encrypt":"x"}')],
    ['an empty body', 400, 'garbled', () => post(inner(), {}, () => '')],
    [
      'a flipped byte',
      403,
      'signature',
      () => post(inner(), {}, (e) => envelope(e.replace(/^./, e.startsWith('A') ? 'B' : 'A'))),
    ],
  ])('refuses %s and stores nothing', async (_name, status, why, send) => {
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(answer.text).toMatch(/^[A-Z]/)
    expect(stored).toEqual([])
    expect(refusals).toEqual([why])
    expect((await post(inner())).status).toBe(200)
  })

  it('refuses 5 MB, announced or not, and lives', async () => {
    const filler = `<A>${'0'.repeat(5_000_000)}</A>`
    expect((await post(inner(filler))).status).toBe(413)
    const chunked = await new Promise<number>((resolve, reject) => {
      const { query } = sealed(inner())
      const sending = request(`${url}?${query.toString()}`, { method: 'POST' }, (answer) =>
        resolve(answer.statusCode ?? 0),
      )
      sending.on('error', reject)
      const chunk = 'x'.repeat(100_000)
      for (let sent = 0; sent < 50; sent += 1) sending.write(chunk)
      sending.end()
    })
    expect(chunked).toBe(413)
    expect(stored).toEqual([])
    expect((await post(inner())).status).toBe(200)
  })

  it('answers 503 when the event cannot be stored, so that WeCom sends it again', async () => {
    broken = true
    expect((await post(inner())).status).toBe(503)
    broken = false
    expect((await post(inner())).status).toBe(200)
    expect(stored).toHaveLength(1)
  })
})

describe('GET /wecom/callback', () => {
  const verify = async (query: string) => {
    const answer = await fetch(`${url}?${query}`)
    return { status: answer.status, text: await answer.text() }
  }

  it('answers the plain text and nothing else', async () => {
    const { encrypted, query } = sealed('1234567890123456789')
    query.set('echostr', encrypted)
    expect(await verify(query.toString())).toEqual({ status: 200, text: '1234567890123456789' })
  })

  it('mends a + that a proxy has turned into a blank', async () => {
    for (let tries = 0; tries < 200; tries += 1) {
      const { encrypted, query } = sealed('16161403175')
      if (!encrypted.includes('+')) continue
      query.set('echostr', encrypted.replaceAll('+', ' '))
      expect((await verify(query.toString())).text).toBe('16161403175')
      return
    }
    throw new Error('no + in 200 ciphertexts')
  })

  it('refuses what it cannot verify', async () => {
    const { encrypted, query } = sealed('1', { token: 'WRONG' })
    query.set('echostr', encrypted)
    expect((await verify(query.toString())).status).toBe(403)
    expect((await verify('')).status).toBe(403)
    expect((await verify('msg_signature=a&msg_signature=b&timestamp=1&nonce=1&echostr=x')).status).toBe(403)
  })
})
