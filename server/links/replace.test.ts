import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codesIn, replaceLinks } from './replace.ts'
import { isPerson } from './visitor.ts'

const base = 'https://scrm.example'
const short = ({ url }: { url: string }) => `${base}/l/${url.length}`
const text = (words: string) => replaceLinks({ text: words, attachments: [] }, short).text

describe('replaceLinks', () => {
  it.each([
    ['看 https://a.example/x?y=1&z=2#t 吧', `看 ${base}/l/29 吧`],
    ['https://a.example/x，点开看', `${base}/l/19，点开看`],
    ['https://a.example/商品', `${base}/l/18商品`],
    ['(see http://a.example/x).', `(see ${base}/l/18).`],
    ['没有链接 a.example', '没有链接 a.example'],
  ])('%s', (before, after) => expect(text(before)).toBe(after))

  it('replaces cards with their title, and leaves other attachments alone', () => {
    const seen: unknown[] = []
    const body = replaceLinks(
      {
        text: '新品',
        attachments: [
          { type: 'link', title: '精华', url: 'https://a.example/p' },
          { type: 'image', picUrl: 'https://a.example/p.png' },
        ],
      },
      (found) => {
        seen.push(found)
        return `${base}/l/abcdefghij`
      },
    )
    expect(seen).toEqual([{ url: 'https://a.example/p', title: '精华' }])
    expect(body.attachments[1]).toEqual({ type: 'image', picUrl: 'https://a.example/p.png' })
    expect(codesIn(body, base)).toEqual(['abcdefghij'])
  })

  it('leaves a text alone that would become too long', () => {
    const long = `${'字'.repeat(1320)} http://a.b/ http://a.c/`
    expect(text(long)).toBe(long)
  })

  it('changes nothing but addresses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
        fc.pre(!words.includes('://'))
        expect(text(words)).toBe(words)
      }),
    )
  })
})

describe('isPerson', () => {
  const phone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 wxwork/4.1.30'
  const with_ =
    (headers: Readonly<Record<string, string>>) =>
    (name: string): string =>
      headers[name] ?? ''
  it.each([
    ['GET', { 'user-agent': phone }, true],
    ['GET', { 'user-agent': 'Mozilla/5.0 (Linux; Android 14; CUBOT X50) Chrome/126.0 Mobile Safari/537.36' }, true],
    ['HEAD', { 'user-agent': phone }, false],
    ['GET', { 'user-agent': phone, 'sec-purpose': 'prefetch;prerender' }, false],
    ['GET', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }, false],
    ['GET', { 'user-agent': 'Mozilla/5.0 (compatible; Baiduspider/2.0)' }, false],
    ['GET', { 'user-agent': 'WhatsApp/2.23' }, false],
    ['GET', { 'user-agent': 'curl/8.5.0' }, false],
    ['GET', {}, false],
  ])('%s %j: %s', (method, headers, person) => expect(isPerson(method, with_(headers))).toBe(person))
})
