import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import { testVault } from '../../test/integration/privacy/vault.ts'
import { hasConflict, hasReject, weigh } from './said.ts'
import { traitSources, type TraitValue } from './state/state.ts'

const vault = testVault(1)
const later = testVault(2, 1)
const zone = 'Asia/Shanghai'

/** Each line: one value, written as people and systems write it. */
const written = {
  phone: ['13900000001', '+86 139-0000-0001', '8613900000001', '１３９ ００００ ０００１', 13_900_000_001],
  email: ['mei@example.com', ' Mei@Example.COM', 'ｍｅｉ@example.com'],
  city: ['杭州', '杭州市', '浙江杭州', '浙江省杭州市西湖区', '330100', 330_100],
  birthday: ['1990-05-01', '1990/5/1', '1990年5月1日', '19900501'],
  gender: ['女', 'female', 'F', '女士', 2],
  name: ['王 小明', '王　小明', ' 王 小明 '],
} satisfies Record<string, TraitValue[]>
const keys = ['phone', 'email', 'city', 'birthday', 'gender', 'name'] as const

const said = (key: string, values: readonly TraitValue[]) => {
  const attribute = builtInAttributes.find((one) => one.key === key)
  if (attribute === undefined) throw new Error(`${key} is not built in`)
  const traits = values.map((value, i) => ({
    ...{ key, value, by: null, source: traitSources[i % traitSources.length] ?? 'rep' },
    at: new Date(1_700_000_000_000 + i),
  }))
  const all = weigh(key, attribute, traits, null, null, zone)
  if (all === null) throw new Error('nothing was said')
  return all
}

test('one value written in many ways by many sources is one value, and no conflict; sealed too', () => {
  const telling = fc
    .constantFrom(...keys)
    .chain((key) => fc.tuple(fc.constant(key), fc.array(fc.constantFrom<TraitValue>(...written[key]), { minLength: 1, maxLength: 6 })))
  const seals = fc.constantFrom(null, vault, later)
  fc.assert(
    fc.property(telling, fc.array(seals, { minLength: 6, maxLength: 6 }), ([key, values], sealing) => {
      const clear = said(key, values)
      expect([hasConflict(clear), hasReject(clear)]).toEqual([false, false])
      expect(clear.best.value).toEqual(said(key, [...written[key]].slice(0, 1)).best.value)
      if (key !== 'phone' && key !== 'email') return
      const sealed = said(key, values.map((value, i) => (sealing[i % 2 === 0 ? 0 : 1] ?? vault).seal(key, String(value))))
      expect([hasConflict(sealed), hasReject(sealed)]).toEqual([false, false])
    }),
  )
}) // prettier-ignore

test('what is no phone is a reject, sealed or not, and no conflict', () => {
  for (const value of ['abc', '11111111111', '139']) {
    const clear = said('phone', ['13900000001', value])
    const sealed = said('phone', [vault.seal('phone', '13900000001'), vault.seal('phone', value)])
    for (const one of [clear, sealed]) {
      expect(one.others).toMatchObject([{ problem: 'phone' }])
      expect([hasConflict(one), hasReject(one)]).toEqual([false, true])
    }
  }
  // Who may not see it is shown it masked, which is no reject.
  expect(said('phone', ['139****0001']).best).toMatchObject({ value: '139****0001', problem: null })
})

test('two phones are a conflict, sealed with whatever key', () => {
  expect(hasConflict(said('phone', ['13900000001', '13900000002']))).toBe(true)
  expect(hasConflict(said('phone', [vault.seal('phone', '13900000001'), later.seal('phone', '13900000002')]))).toBe(
    true,
  )
})
