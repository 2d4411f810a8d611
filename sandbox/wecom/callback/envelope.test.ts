import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { seal } from './envelope.ts'
import { toXml } from './xml.ts'

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const RANDOM = Buffer.from('0123456789abcdef')

test.each([
  [
    'A',
    '1234567890123456789',
    'wwcorpid0123456789',
    'Q3stYC6hdFzMh9T8HCvyDKf5xMjJx7zzxVVf3LTgHJUIgZv5TMNxId49hS9Hc7lra3VXp4U7A0+88yr/wP+EmQ==',
    'b03b816a3a692968c1eefaa297012ae210d8aa32',
  ],
  [
    'B (Chinese text, length in bytes)',
    '<xml><Content><![CDATA[你好，世界]]></Content></xml>',
    'wwcorpid0123456789',
    'Q3stYC6hdFzMh9T8HCvyDPJVhdGNYpRuWvIs6zImL8xRHEVOEb5o1KO6mJgOBQjtgxt4LVyan0w3AoQXMtOW7HUMjzQWGENfvH+dddxcFNZ4hXs7EQFtN1Qe2IJAFpU7',
    'aba0c0deb9d6861d9465157a3f3c7e462eb25c4f',
  ],
  [
    'C (pad of 30)',
    '{"msgtype":"text","text":{"content":"你好"}}',
    '',
    'Q3stYC6hdFzMh9T8HCvyDOZAct374BQiL5thmm1gU3MzmdoM+QVpkFbroiHMEVV+4fSiZkCSvu3RKSJF6BJYnDtdr/9FxO/LfwqiDdPu1MJ4p3rlp+qAbHkSU013iY9/',
    'e347aa19025a33d12d82b77df7d2e1a458ed2f82',
  ],
])('vector %s of the platform', (_name, message, receiveid, cipher, signature) => {
  expect(encrypt(KEY, message, receiveid, RANDOM)).toBe(cipher)
  expect(getSignature('TOKEN123', '1700000000', 'nonce42', cipher)).toBe(signature)
})

test("the demo vector of the platform's own samples", () => {
  const echostr = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
  expect(getSignature('QDG6eK', '1409659589', '263014780', echostr)).toBe('5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3')
  expect(decrypt('jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', echostr)).toMatchObject({
    message: '1616140317555161061',
    id: 'wx5823bf96d3bd56c7',
  })
})

test('whatever an event says comes back from its envelope', () => {
  const keys = { token: 'T', aesKey: KEY, corpId: 'ww1', agentId: '1' }
  assert(
    property(string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const { query, body } = seal(toXml({ Remark: text }), keys, 'xml', 1700000000)
      const cipher = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? ''
      const signature = getSignature('T', query.get('timestamp') ?? '', query.get('nonce') ?? '', cipher)
      expect(query.get('msg_signature')).toBe(signature)
      const { message, id } = decrypt(KEY, cipher)
      expect(id).toBe('ww1')
      expect(message.replaceAll(']]><![CDATA[', '')).toContain(text.replaceAll(']]><![CDATA[', ''))
    }),
    { numRuns: 200 },
  )
})
