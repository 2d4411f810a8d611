import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KeyRingText } from './keys.ts'
import { createVault, indexOf, isSealed, isSealedAs, mask, withoutSealed } from './vault.ts'

const key = () => randomBytes(32).toString('base64')
const [one, two] = [key(), key()]
const indexKey = Uint8Array.from(randomBytes(32))
const vaultOf = (text: string) =>
  createVault({
    ring: KeyRingText.parse(text),
    indexKey,
    normal: (kind, value) => {
      const digits = value.replace(/\D/g, '').replace(/^86(?=1)/, '')
      return kind !== 'phone' ? value : digits === '' ? null : digits
    },
  })
const vault = vaultOf(`k1:${one}`)

describe('key ring', () => {
  it('takes ids and keys, newest first, and says what is wrong without saying a key', () => {
    const ring = KeyRingText.parse(`k2:${two}, k1:${one}`)
    expect([ring.newest, [...ring.keys.keys()]]).toEqual(['k2', ['k2', 'k1']])
    for (const [text, problem] of [
      ['k1', /32 bytes/],
      ['k1:abcdefgh', /32 bytes/],
      [`k 1:${one}`, /id:base64/],
      [`k1:${one},k1:${two}`, /twice/],
    ] as const) {
      const message = KeyRingText.safeParse(text).error?.message ?? ''
      expect(message).toMatch(problem)
      expect(message).not.toContain('abcdefgh')
    }
  })
})

describe('vault', () => {
  it('seals equal values alike, opens what it sealed, and nothing that was changed', () => {
    const sealed = vault.seal('phone', '13812345678')
    expect(sealed).not.toContain('13812345678')
    expect(vault.seal('phone', '13812345678')).toBe(sealed)
    expect(vault.seal('text', '13812345678')).not.toBe(sealed)
    expect(vault.openText(sealed)).toBe('13812345678')
    const middle = sealed.length - 12
    const forged = `${sealed.slice(0, middle)}${sealed[middle] === 'A' ? 'B' : 'A'}${sealed.slice(middle + 1)}`
    expect(vault.openText(forged)).toBe(forged)
    expect(vault.openText('pii:phone:k1:x:y; says nothing')).toBe('pii:phone:k1:x:y; says nothing')
  })

  it('says of what it sealed whether it is of its kind', () => {
    expect(isSealedAs('phone', vault.seal('phone', '13812345678'))).toBe(true)
    const none = vault.seal('phone', 'none')
    expect([isSealedAs('phone', none), isSealedAs('text', none)]).toEqual([false, true])
    expect(vault.openText(none)).toBe('none')
  })

  it('opens any text it sealed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: 'grapheme' }), (text) => {
        fc.pre(text.length <= 500)
        expect(vault.openText(vault.seal('address', text))).toBe(text)
      }),
    )
  })

  it('finds a value by its normal form, whatever key it was sealed with', () => {
    const later = vaultOf(`k2:${two},k1:${one}`)
    const index = indexOf(vault.seal('phone', '+86 138 1234 5678'))
    expect(index).toBe(vault.blind('phone', '13812345678'))
    expect(indexOf(later.seal('phone', '13812345678'))).toBe(index)
    expect(vault.blind('email', '13812345678')).not.toBe(index)
  })

  it('seals fields by name, by mark, and what looks personal in other texts', () => {
    const fields = vault.sealFields(
      {
        phone: 13812345678,
        shipping_address: { street: '长安街 1 号', zip: 100000 },
        note: '打 13812345678 或 a.b@example.com，身份证 11010519491231002X',
        order: '110105194912310021',
        illness: '过敏',
        city: '北京',
        tags: ['vip'],
        paid: true,
      },
      (name) => name === 'illness',
    )
    const text = JSON.stringify(fields)
    for (const gone of ['13812345678', '长安街', 'a.b@example.com', '11010519491231002X', '过敏', '100000'])
      expect(text).not.toContain(gone)
    expect(fields).toMatchObject({ order: '110105194912310021', city: '北京', tags: ['vip'], paid: true })
    expect(vault.open(fields)).toMatchObject({
      phone: '13812345678',
      shipping_address: { street: '长安街 1 号', zip: '100000' },
      note: '打 13812345678 或 a.b@example.com，身份证 11010519491231002X',
      illness: '过敏',
    })
    expect(vault.open(fields, mask)).toMatchObject({
      phone: '138****5678',
      note: '打 138****5678 或 a***@example.com，身份证 110********2X',
      illness: '****',
    })
    expect(vault.sealFields(fields, (name) => name === 'illness')).toEqual(fields)
    expect(withoutSealed(String(fields['note']))).toBe('打  或 ，身份证')
  })

  it('renews with the newest key; then the old one may go', () => {
    const later = vaultOf(`k2:${two},k1:${one}`)
    const old = { a: [{ phone: vault.seal('phone', '13812345678'), at: new Date(0) }], b: 1 }
    const renewed = later.renew(old)
    expect(later.renew(renewed)).toEqual(renewed)
    const only = vaultOf(`k2:${two}`)
    expect(only.open(renewed)).toEqual({ a: [{ phone: '13812345678', at: new Date(0) }], b: 1 })
    expect(JSON.stringify(only.open(old))).toContain('****')
    expect(isSealed(only.seal('phone', '1'))).toBe(true)
  })

  it('seals bytes', () => {
    const bytes = Uint8Array.from(randomBytes(1000))
    const sealed = vault.sealBytes(bytes)
    expect(Uint8Array.from(vault.openBytes(sealed) ?? [])).toEqual(bytes)
    expect(vaultOf(`k2:${two}`).openBytes(sealed)).toBeNull()
    sealed[40] = (sealed[40] ?? 0) ^ 1
    expect(vault.openBytes(sealed)).toBeNull()
  })
})
