import { createCipheriv } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOpener } from './crypto.ts'

const token = 'TOKEN123'
const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const corp = 'wwcorpid0123456789'
const timestamp = '1700000000'
const nonce = 'nonce42'
const opener = (receiveId = corp) => createOpener({ tokens: [token], aesKeys: [aesKey], receiveId })
const signed = (encrypted: string, by = token) => ({
  signature: getSignature(by, timestamp, nonce, encrypted),
  timestamp,
  nonce,
  encrypted,
})

/** A ciphertext with any padding, length field and id, which the library would not make. */
const seal = (body: Buffer): string => {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(body), cipher.final()]).toString('base64')
}
const body = (text: string, id: string, length = Buffer.byteLength(text)): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(length)
  return Buffer.concat([Buffer.alloc(16, 'r'), size, Buffer.from(text), Buffer.from(id)])
}
const padded = (data: Buffer, pad = 32 - (data.length % 32)): Buffer => Buffer.concat([data, Buffer.alloc(pad, pad)])
/** The same with one of its last bytes changed. */
const last = (data: Buffer, from: number, value: number): Buffer => {
  data.writeUInt8(value, data.length - from)
  return data
}

describe('opening callbacks (callbacks.md §4)', () => {
  it.each([
    [
      'A',
      corp,
      'Q3stYC6hdFzMh9T8HCvyDKf5xMjJx7zzxVVf3LTgHJUIgZv5TMNxId49hS9Hc7lra3VXp4U7A0+88yr/wP+EmQ==',
      'b03b816a3a692968c1eefaa297012ae210d8aa32',
      '1234567890123456789',
    ],
    [
      'B',
      corp,
      'Q3stYC6hdFzMh9T8HCvyDPJVhdGNYpRuWvIs6zImL8xRHEVOEb5o1KO6mJgOBQjtgxt4LVyan0w3AoQXMtOW7HUMjzQWGENfvH+dddxcFNZ4hXs7EQFtN1Qe2IJAFpU7',
      'aba0c0deb9d6861d9465157a3f3c7e462eb25c4f',
      '<xml><Content><![CDATA[你好，世界]]></Content></xml>',
    ],
    [
      'C',
      '',
      'Q3stYC6hdFzMh9T8HCvyDOZAct374BQiL5thmm1gU3MzmdoM+QVpkFbroiHMEVV+4fSiZkCSvu3RKSJF6BJYnDtdr/9FxO/LfwqiDdPu1MJ4p3rlp+qAbHkSU013iY9/',
      'e347aa19025a33d12d82b77df7d2e1a458ed2f82',
      '{"msgtype":"text","text":{"content":"你好"}}',
    ],
  ])('opens vector %s', (_name, receiveId, encrypted, signature, text) => {
    const answer = opener(receiveId)({ signature, timestamp, nonce, encrypted })
    expect(answer).toEqual({ ok: true, text })
  })

  it('opens the vendor’s demo vector', () => {
    const open = createOpener({
      tokens: ['QDG6eK'],
      aesKeys: ['jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'],
      receiveId: 'wx5823bf96d3bd56c7',
    })
    const message = {
      signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
      timestamp: '1409659589',
      nonce: '263014780',
      encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    }
    expect(open(message)).toEqual({ ok: true, text: '1616140317555161061' })
  })

  it('opens whatever the library seals', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 80 }), (text) => {
        const whole = Buffer.from(text).toString('utf8')
        expect(opener()(signed(encrypt(aesKey, whole, corp)))).toEqual({ ok: true, text: whole })
      }),
    )
  })

  it('refuses a wrong signature, whatever its length', () => {
    const good = signed(encrypt(aesKey, 'x', corp))
    for (const signature of ['', 'a', good.signature.replace(/^./, '#'), good.signature.toUpperCase()]) {
      expect(opener()({ ...good, signature })).toEqual({ ok: false, why: 'signature' })
    }
    expect(opener()(signed(good.encrypted, 'OTHER'))).toEqual({ ok: false, why: 'signature' })
  })

  it('refuses a flipped byte even under a good signature', () => {
    const bytes = Buffer.from(encrypt(aesKey, '<xml></xml>', corp), 'base64')
    const last = bytes.length - 17
    bytes.writeUInt8(bytes.readUInt8(last) ^ 0xff, last)
    expect(opener()(signed(bytes.toString('base64'))).ok).toBe(false)
  })

  it.each([
    ['padding 0', last(padded(body('a', corp)), 1, 0)],
    ['padding 33', Buffer.concat([body('a'.repeat(10), corp), Buffer.alloc(16, 33)])],
    ['uneven padding', last(padded(body('a', corp)), 5, 7)],
    ['a length beyond the end', padded(body('a', '', 4_000_000_000))],
    ['less than a head', padded(Buffer.alloc(5))],
    ['broken UTF-8', padded(Buffer.concat([body('', '', 2), Buffer.from([0xc3, 0x28])]))],
  ])('refuses %s', (_name, plain) => {
    const sealed = plain.subarray(0, plain.length - (plain.length % 16))
    for (const receiveId of [corp, '']) {
      expect(opener(receiveId)(signed(seal(sealed)))).toMatchObject({ ok: false, why: 'garbled' })
    }
  })

  it('refuses what is not base64 or not whole blocks', () => {
    for (const encrypted of ['', '!!!', 'abc', 'QUJD']) {
      expect(opener()(signed(encrypted))).toEqual({ ok: false, why: 'garbled' })
    }
  })

  it('refuses a message for another corp', () => {
    expect(opener()(signed(encrypt(aesKey, 'x', 'ww9999')))).toEqual({ ok: false, why: 'receiver' })
    expect(opener('')(signed(encrypt(aesKey, 'x', corp)))).toEqual({ ok: false, why: 'receiver' })
  })

  it('accepts the token and key of before a rotation', () => {
    const newKey = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFG'
    const open = createOpener({ tokens: ['NEW', token], aesKeys: [newKey, aesKey], receiveId: corp })
    expect(open(signed(encrypt(aesKey, 'old', corp)))).toEqual({ ok: true, text: 'old' })
    expect(open(signed(encrypt(newKey, 'new', corp), 'NEW'))).toEqual({ ok: true, text: 'new' })
    expect(opener()(signed(encrypt(newKey, 'new', corp))).ok).toBe(false)
  })

  it('does not start with a key that is none', () => {
    expect(() => createOpener({ tokens: [token], aesKeys: ['short'], receiveId: corp })).toThrow(TypeError)
  })
})
