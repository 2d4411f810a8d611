import type { Region } from '@zhiyin/shared/region'
import { districtName, region } from './region.ts'
import { remember } from './remember.ts'
import { halfWidth } from './text.ts'
import { refuse, type Cleaned } from './types.ts'

/** What of a place an attribute is about; `region` is its code. */
export const placeParts = ['region', 'province', 'city', 'district'] as const
export type PlacePart = (typeof placeParts)[number]

/** 北京, 天津, 上海, 重庆, 香港, 澳门 are cities themselves. */
const ownCities: ReadonlySet<string> = new Set(['11', '12', '31', '50', '81', '82'])

const partOf = (part: PlacePart, { code, province, city, district }: Region): string | null => {
  if (part === 'region') return code
  if (part === 'city') return city ?? (ownCities.has(code.slice(0, 2)) ? province : null)
  return part === 'province' ? province : district
}

/** 吉林 alone is the province; said of a city it is 吉林市. */
const asCity = (text: string): Cleaned<string> => {
  const found = region(`${text}市`)
  return 'value' in found && found.value.city !== null ? { value: found.value.city } : refuse('region.unknown', text)
}

const clean =
  (part: PlacePart) =>
  (text: string): Cleaned<string> => {
    // Several cities have a 西湖区: of which one it is, another attribute says.
    const district = part === 'district' ? districtName(text) : null
    if (district !== null) return { value: district }
    const found = region(text)
    if ('value' in found) {
      const name = partOf(part, found.value)
      return name !== null ? { value: name } : part === 'city' ? asCity(text) : refuse('region.unknown', text)
    }
    // The table knows China alone: 东京 stays as it was written.
    const elsewhere = found.problem.code === 'region.unknown' && part !== 'region' && /\p{L}/u.test(text)
    return elsewhere ? { value: halfWidth(text) } : found
  }

const parts: Readonly<Record<PlacePart, (text: string) => Cleaned<string>>> = {
  region: remember(clean('region')),
  province: remember(clean('province')),
  city: remember(clean('city')),
  district: remember(clean('district')),
}

/** The province that a text lies in, where the table knows it; null for what is elsewhere or none. */
export const provinceOf = (text: string): string | null => {
  const code = place('region', text)
  const province = 'value' in code ? place('province', code.value) : code
  return 'value' in province ? province.value : null
}

/**
 * A part of a place by its official name (杭州 and 浙江省杭州市西湖区 are both 杭州市 as a city), so that every source says it the same way.
 * A place outside China stays as it is written.
 */
export const place = (part: PlacePart, text: string): Cleaned<string> => parts[part](text)
