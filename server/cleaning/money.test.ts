import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currency, money, moneyText } from './money.ts'

const said = (text: string, fallback?: string): string => {
  const cleaned = money(text, fallback)
  return 'value' in cleaned ? `${cleaned.value.amount} ${cleaned.value.currency}` : cleaned.problem.code
}

test.each([
  ['¥1,299.00', '129900 CNY'],
  ['￥１，２９９', '129900 CNY'],
  ['1299元', '129900 CNY'],
  ['1299 元', '129900 CNY'],
  ['12.5万', '12500000 CNY'],
  ['12.5万元', '12500000 CNY'],
  ['1.2亿', '12000000000 CNY'],
  ['3k', '300000 CNY'],
  ['RMB 88.8', '8880 CNY'],
  ['人民币 88.8', '8880 CNY'],
  ['$12.34', '1234 USD'],
  ['US$12.34', '1234 USD'],
  ['HK$ 12.34', '1234 HKD'],
  ['12.34 USD', '1234 USD'],
  ['EUR 5', '500 EUR'],
  ['£2.55', '255 GBP'],
  ['500日元', '500 JPY'],
  ['19.9', '1990 CNY'],
  ['0.1', '10 CNY'],
  ['1.005', '101 CNY'],
  ['8.115', '812 CNY'],
  ['.5', '50 CNY'],
  ['0', '0 CNY'],
  ['-0', '0 CNY'],
  ['-5.00', '-500 CNY'],
  ['¥-5', '-500 CNY'],
  ['-¥5', '-500 CNY'],
  ['(5.00)', '-500 CNY'],
  ['免费', 'money.not'],
  ['', 'money.not'],
  ['1,29', 'money.not'],
  ['1.2.3', 'money.not'],
  ['99999999999999', 'money.too_large'],
])('%s is %s', (text, expected) => {
  expect(said(text)).toBe(expected)
})

test('the column’s currency holds where the cell names none', () => {
  expect(said('12.5', 'USD')).toBe('1250 USD')
  expect(said('500', 'JPY')).toBe('500 JPY')
  expect(said('¥12.5', 'USD')).toBe('1250 CNY')
  expect(currency('人民币')).toEqual({ value: 'CNY' })
  expect(currency('usd')).toEqual({ value: 'USD' })
  expect('problem' in currency('贝壳')).toBe(true)
})

test('every amount comes back as it was written, to the last minor unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom('CNY', 'USD', 'JPY', 'KWD'), (amount, unit) => {
      expect(money(moneyText({ amount, currency: unit }))).toEqual({ value: { amount, currency: unit } })
    }),
  )
})
