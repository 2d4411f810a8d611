import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boolean, consent, email, gender, halfWidth, id, list, name, number, phone } from './text.ts'
import type { Cleaned } from './types.ts'

const said = <T>(cleaned: Cleaned<T>): T | string => ('value' in cleaned ? cleaned.value : cleaned.problem.code)

describe('cleaning of words', () => {
  test.each([
    ['13800138000', '13800138000'],
    [' 138-0013-8000 ', '13800138000'],
    ['１３８ ００１３ ８０００', '13800138000'],
    ['+86 138 0013 8000', '13800138000'],
    ['008613800138000', '13800138000'],
    ['8613800138000', '13800138000'],
    ['13800138000.0', '13800138000'],
    ['+852 9123 4567', '+85291234567'],
    ['0571-8888 8888', '057188888888'],
    ['(0571)88888888', '057188888888'],
    ['\ufeff13800138000\u200b', '13800138000'],
    ['1.38E+10', 'phone.scientific'],
    ['11111111111', 'phone.not'],
    ['12012345678', 'phone.not'],
    ['+86 111 1111 1111', 'phone.not'],
    ['8610000000000', 'phone.not'],
    ['+12025550123', '+12025550123'],
    ['+86 10 1234 5678', '+861012345678'],
    ['12345', 'phone.not'],
    ['没有', 'phone.not'],
    ['', 'phone.not'],
  ])('phone %j is %s', (text, expected) => {
    expect(said(phone(text))).toBe(expected)
  })

  test.each([
    [' Li.Si@Example.COM ', 'li.si@example.com'],
    ['ｗａｎｇ＠ｑｑ．ｃｏｍ', 'wang@qq.com'],
    ['a@b@c', 'email.not'],
    ['nobody', 'email.not'],
    ['a b@c.d', 'email.not'],
  ])('e-mail %j is %s', (text, expected) => {
    expect(said(email(text))).toBe(expected)
  })

  test('names keep what is theirs', () => {
    expect(said(name(' 王　小明 '))).toBe('王 小明')
    expect(said(name('Ａｎｎａ（上海）'))).toBe('Anna(上海)')
    expect(said(name('㈱三菱'))).toBe('㈱三菱')
    expect(said(name('长'.repeat(101)))).toBe('text.long')
  })

  test('ids lose what spreadsheets add, never digits', () => {
    expect(said(id('17850.0'))).toBe('17850')
    expect(said(id('00123'))).toBe('00123')
    expect(said(id('6.23E+15'))).toBe('id.scientific')
    expect(said(id(' '))).toBe('id.not')
  })

  test.each([
    ['男', 'male'],
    ['女士', 'female'],
    ['F', 'female'],
    ['1', 'male'],
    ['保密', 'unknown'],
    ['猫', 'gender.not'],
  ])('gender %s is %s', (text, expected) => {
    expect(said(gender(text))).toBe(expected)
  })

  test('yes and no, consent, numbers and lists', () => {
    expect(['是', 'Yes', '1', '否', '无', '也许'].map((text) => said(boolean(text)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      'boolean.not',
    ])
    expect(['同意', '已退订', 'opted out', '看情况'].map((text) => said(consent(text)))).toEqual([
      'granted',
      'withdrawn',
      'withdrawn',
      'consent.not',
    ])
    expect(['1,299', '12.5', '-3', '12%', '.5', '1,2', 'x'].map((text) => said(number(text)))).toEqual([
      1299,
      12.5,
      -3,
      0.12,
      0.5,
      'number.not',
      'number.not',
    ])
    expect(said(list('a、b，c; a'))).toEqual(['a', 'b', 'c'])
  })

  test('cleaning twice is cleaning once', () => {
    for (const clean of [phone, email, name, id])
      fc.assert(
        fc.property(
          fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[+0-9 ()\-.０-９@a-zＡ-Ｚ]{0,20}$/)),
          (text) => {
            const once = clean(text)
            if ('value' in once) expect(clean(once.value)).toEqual(once)
          },
        ),
      )
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => halfWidth(halfWidth(text)) === halfWidth(text)))
  })
})
