import { createCipheriv } from 'node:crypto'
import { getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { eventNames } from '@zhiyin/shared/events'
import { toXml, type EventFields } from '../../sandbox/wecom/callback/xml.ts'

export const secrets = {
  WECOM_CORP_ID: 'wwcorpid0123456789',
  WECOM_CALLBACK_TOKEN: 'TOKEN123',
  WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
export const seconds = 1_700_000_000

/** One request: the query and the body WeCom, or somebody who would like to be WeCom, sends. */
export type Request = { readonly query: Readonly<Record<string, string>>; readonly body: string }
/** What must become of it. `either`: refused or taken, but never a crash. */
export type Case = {
  readonly kind: string
  readonly request: Request
  readonly must: 'accept' | 'refuse' | 'either'
  readonly event?: string
}

const key = Buffer.from(`${secrets.WECOM_CALLBACK_AES_KEY}=`, 'base64')

/** AES without a look at what is encrypted; `body` must be whole blocks. */
const cipher = (body: Buffer): string => {
  const aes = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([aes.update(body), aes.final()]).toString('base64')
}
const padded = (data: Buffer): Buffer => {
  const pad = 32 - (data.length % 32)
  return Buffer.concat([data, Buffer.alloc(pad, pad)])
}
/** random(16) ‖ length ‖ text ‖ receive id (callbacks.md §3). */
const plain = (text: string, id: string): Buffer => {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(Buffer.byteLength(text))
  return Buffer.concat([Buffer.alloc(16, 'r'), size, Buffer.from(text), Buffer.from(id)])
}
const wrap = (encrypted: string): string =>
  `<xml><ToUserName><![CDATA[x]]></ToUserName><AgentID></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`

export const signed = (encrypted: string, token = secrets.WECOM_CALLBACK_TOKEN, body = wrap(encrypted)): Request => ({
  query: {
    msg_signature: getSignature(token, String(seconds), 'n1', encrypted),
    timestamp: String(seconds),
    nonce: 'n1',
  },
  body,
})
export const sealed = (text: string, id = secrets.WECOM_CORP_ID): string => cipher(padded(plain(text, id)))

/** Text as it may stand in a remark: any script, tabs, brackets, what ends a CDATA; no character XML forbids. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((raw) => raw.replace(/[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '').replaceAll('\r', ''))
const name = fc.stringMatching(/^[A-Z][A-Za-z]{0,14}$/)
const value: fc.Arbitrary<EventFields[string]> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.nat() },
  { weight: 1, arbitrary: fc.record({ Item: fc.array(text, { maxLength: 5 }) }) },
  { weight: 1, arbitrary: fc.dictionary(name, text, { maxKeys: 3 }) },
)
export type Message = { readonly event: string; readonly fields: EventFields }

/** An event of WeCom with the fields of any other, or of none. */
export const message: fc.Arbitrary<Message> = fc
  .tuple(
    fc.oneof(fc.constantFrom(...eventNames), fc.stringMatching(/^[a-z_]{1,20}(\.[a-z_]{1,20})?$/)),
    fc.dictionary(name, value, { maxKeys: 8 }),
  )
  .map(([event, extra]) => {
    const [Event = '', ChangeType] = event.split('.')
    const head = { ToUserName: secrets.WECOM_CORP_ID, FromUserName: 'sys', CreateTime: seconds, MsgType: 'event' }
    return { event, fields: { ...extra, ...head, Event, ...(ChangeType === undefined ? {} : { ChangeType }) } }
  })

const spliced = (source: string, at: number, cut: number, put: string): string => {
  const from = source.length === 0 ? 0 : at % source.length
  return source.slice(0, from) + put + source.slice(from + cut)
}
const flipped = (base64: string, at: number, by: number): string => {
  const bytes = Buffer.from(base64, 'base64')
  const index = at % bytes.length
  bytes.writeUInt8(bytes.readUInt8(index) ^ by, index)
  return bytes.toString('base64')
}
const nasty = fc.constantFrom(
  '<!DOCTYPE xml [<!ENTITY a "b">]>',
  '&a;',
  '&#0;',
  '<?php ?>',
  '<',
  '</xml>',
  ']]>',
  '<xml>',
  '\u0000',
  '<a>'.repeat(40),
  '<MsgType>text</MsgType>',
  '__proto__',
  '<__proto__>x</__proto__>',
  '<constructor>x</constructor>',
)
const mutation = fc.tuple(fc.nat(), fc.nat({ max: 20 }), fc.oneof(nasty, text))

/** Honest messages, and every way to bend one. */
export const anyCase: fc.Arbitrary<Case> = fc
  .tuple(message, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.array(mutation, { minLength: 1, maxLength: 4 }), text)
  .chain(([told, at, by, mutations, odd]): fc.Arbitrary<Case> => {
    const xml = toXml(told.fields)
    const honest = sealed(xml)
    const mutated = mutations.reduce((source, [from, cut, put]) => spliced(source, from, cut, put), xml)
    const bent = (kind: string, request: Request, must: Case['must'] = 'refuse'): Case => ({ kind, request, must })
    const right = signed(honest)
    return fc.constantFrom<Case>(
      { kind: 'honest', request: right, must: 'accept', event: told.event },
      bent('a byte of the ciphertext changed, signature kept', {
        ...right,
        body: wrap(flipped(honest, at, by)),
      }),
      bent('a byte of the ciphertext changed, signed again', signed(flipped(honest, at, by)), 'either'),
      bent('another token', signed(honest, `${secrets.WECOM_CALLBACK_TOKEN}x`)),
      bent('another time', { ...right, query: { ...right.query, timestamp: String(seconds + 1 + (at % 1000)) } }),
      bent('another receiver', signed(sealed(xml, odd === secrets.WECOM_CORP_ID ? '' : odd))),
      bent('no query', { query: {}, body: right.body }),
      bent('an odd query', { ...right, query: { ...right.query, msg_signature: odd, nonce: odd } }),
      bent('a body that is no envelope', { ...right, body: odd }),
      bent('an envelope bent', { ...right, body: spliced(right.body, at, by % 8, odd) }, 'either'),
      bent('the ciphertext cut', signed(honest.slice(0, at % honest.length))),
      bent('not base64', signed(odd)),
      bent('random blocks', signed(cipher(Buffer.alloc(32 * (1 + (at % 20)), by)))),
      bent('the message bent, signed and encrypted', signed(sealed(mutated)), 'either'),
      bent('any text, signed and encrypted', signed(sealed(odd)), 'either'),
    )
  })
