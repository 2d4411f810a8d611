import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTickets, pageOf } from '../../../server/wecom/tickets.ts'
import { movableClock } from '../../support/clock.ts'
import { useWecom } from '../../support/wecom.ts'

const origins = ['https://scrm.example.com', 'https://shop.example.com:8443']

describe('which pages are signed', () => {
  it.each([
    ['https://scrm.example.com/sidebar/?x=1#/chat', 'https://scrm.example.com/sidebar/?x=1'],
    ['https://scrm.example.com', 'https://scrm.example.com'],
    ['https://scrm.example.com?x=%E4%BD%A0', 'https://scrm.example.com?x=%E4%BD%A0'],
    ['https://shop.example.com:8443/a', 'https://shop.example.com:8443/a'],
    ['https://scrm.example.com/?to=https://evil.example#x', 'https://scrm.example.com/?to=https://evil.example'],
  ])('%s', (url, page) => {
    expect(pageOf(url, origins)).toBe(page)
  })

  it.each([
    'https://evil.example/',
    'https://scrm.example.com.evil.example/',
    'https://scrm.example.com@evil.example/',
    'https://scrm.example.com:x@evil.example/',
    'https://user@scrm.example.com/',
    'https://evil.example\\@scrm.example.com/',
    'https://scrm.example.com\\@evil.example/',
    'https://scrm.example.com\\.evil.example/',
    'https:\\\\scrm.example.com/',
    'https:scrm.example.com/',
    'https:///scrm.example.com/',
    'https://SCRM.example.com/',
    'HTTPS://scrm.example.com/',
    'https://scrm.example.com./',
    'https://scrm.example.com:443/',
    'https://scrm.example.com:8443/',
    'https://shop.example.com/',
    'https://shop.example.com:84430/',
    'https://ѕcrm.example.com/',
    'https://scrm。example.com/',
    'https://scrm.example.com。evil.example/',
    'https://scrm.example.com/\n',
    ' https://scrm.example.com/',
    'https://scrm.example.com\t/',
    'https://scrm.exam\u0000ple.com/',
    'http://scrm.example.com/',
    'ftp://scrm.example.com/',
    'javascript://scrm.example.com/%0aalert(1)',
    'data:text/html,https://scrm.example.com/',
    'blob:https://scrm.example.com/1',
    '//scrm.example.com/',
    '/sidebar/',
    '#https://scrm.example.com/',
    '',
  ])('not %j', (url) => {
    expect(pageOf(url, origins)).toBeNull()
  })
})

describe('the signature', () => {
  it('is the documented one', async () => {
    const broker = { get: () => Promise.resolve({ id: '1', value: 't' }), renew: () => Promise.reject(new Error('no')) }
    const clock = movableClock(new Date(1000))
    const tickets = createTickets({ brokers: { corp: broker, agent: broker }, origins: ['https://a'], clock })
    const { timestamp, nonceStr, signature } = await tickets.sign('agent', 'https://a/b#c')
    const text = `jsapi_ticket=t&noncestr=${nonceStr}&timestamp=${timestamp}&url=https://a/b`
    expect([timestamp, signature]).toEqual([1, createHash('sha1').update(text).digest('hex')])
    await expect(tickets.sign('agent', 'https://b/')).rejects.toMatchObject({ code: 'request.invalid', status: 400 })
  })

  it('comes from another ticket after the client has refused it', async () => {
    const lent = (id: string) => ({ id, value: `ticket ${id}` })
    const broker = { get: () => Promise.resolve(lent('1')), renew: () => Promise.resolve(lent('2')) }
    const clock = movableClock(new Date(1000))
    const tickets = createTickets({ brokers: { corp: broker, agent: broker }, origins: ['https://a'], clock })
    const { nonceStr, signature } = await tickets.sign('agent', 'https://a/b', { refused: true })
    const text = `jsapi_ticket=ticket 2&noncestr=${nonceStr}&timestamp=1&url=https://a/b`
    expect(signature).toBe(createHash('sha1').update(text).digest('hex'))
  })
})

describe('in the client', () => {
  const world = useWecom()
  it('is accepted for its own kind of ticket only', async () => {
    await world.put('trusted', { trustedDomain: '127.0.0.1' })
    const url = 'http://127.0.0.1:3000/sidebar/?x=1#/chat'
    const { tickets } = world.adapter()
    const Verdict = z.object({ ok: z.boolean() })
    const verdict = async (kind: 'config' | 'agentConfig', signed: object) => {
      const asked = { kind, corpid: 'ww0000000000000001', agentid: '1000002', url, ...signed }
      return Verdict.parse(await world.act('jsapi/verify', asked)).ok
    }
    const [app, corp] = [await tickets.sign('agent', url), await tickets.sign('corp', url)]
    expect(await verdict('agentConfig', app)).toBe(true)
    expect(await verdict('config', corp)).toBe(true)
    expect(await verdict('agentConfig', corp)).toBe(false)
  })
})
