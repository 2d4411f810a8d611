import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPicture, fetchPicture } from './picture.ts'

let server: Server
let base = ''
const serve = (answer: (url: string) => { status: number; headers: Record<string, string>; body: string | Buffer }) =>
  createServer((request, response) => {
    const { status, headers, body } = answer(request.url ?? '')
    response.writeHead(status, headers).end(body)
  })

beforeAll(async () => {
  server = serve((url) => {
    if (url === '/away') return { status: 302, headers: { location: '/qr' }, body: '' }
    if (url === '/page') return { status: 200, headers: { 'content-type': 'text/html' }, body: '<script>' }
    if (url === '/huge') return { status: 200, headers: { 'content-type': 'image/png' }, body: Buffer.alloc(3_000_000) }
    if (url === '/qr') return { status: 200, headers: { 'content-type': 'image/png; x=1' }, body: 'png' }
    return { status: 404, headers: {}, body: '' }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const failed = { code: 'channel.picture' }
const get = (qrUrl: string, name = '门店') => createPicture(fetchPicture(base))({ name, qrUrl })

describe('a picture of a QR code', () => {
  it('is named after its channel, without what a file name cannot hold', async () => {
    expect(await get(`${base}/qr`, '门店 A/B:"1"?')).toMatchObject({ mime: 'image/png', name: '门店 A_B__1__.png' })
  })

  it.each(['/away', '/page', '/huge', '/nothing'])('is not had from %s', async (path) => {
    await expect(get(base + path)).rejects.toMatchObject(failed)
  })

  it.each([
    'http://127.0.0.1:1/qr',
    'https://example.com/qr',
    'https://qpic.cn.example.com/qr',
    'https://evilqpic.cn/qr',
    'http://wework.qpic.cn/qr',
    'file:///etc/passwd',
    '',
  ])('is never asked of %s', async (url) => {
    await expect(get(url)).rejects.toMatchObject(failed)
  })
})
