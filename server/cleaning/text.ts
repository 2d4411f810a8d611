import { refuse, type Cleaned } from './types.ts'

/** Zero-width characters and byte order marks that spreadsheets and chats leave behind. */
const invisible = /[\u200b-\u200d\u2060\ufeff]/g

/** Full-width letters, digits and blanks become half-width (全角 → 半角), outer blanks go, inner runs of blanks become one. */
export const halfWidth = (text: string): string =>
  text.normalize('NFKC').replace(invisible, '').replace(/\s+/g, ' ').trim()

/** The same, but for the joiners that hold an emoji of several parts or a word of Arabic or Indic script together. */
const leftBehind =
  /[\u200b\u2060\ufeff]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}\p{Script=Arabic}])[\u200c\u200d]|[\u200c\u200d]$/gu

const longestName = 100
/** Of most names nothing is to be cleaned, and this finds it out at a tenth of the cost. */
const unclean = /[\s\u200b-\u200d\u2060\ufeff\uff01-\uff5e]/

/** A person's or company's name. NFKC would also change names that are right as they are, so only the width of ASCII and blanks is. */
export const name = (text: string): Cleaned<string> => {
  if (text.length <= longestName && !unclean.test(text)) return { value: text }
  const value = text
    .replace(leftBehind, '')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, ' ')
    .trim()
  return value.length > longestName ? { problem: { code: 'text.long', params: { limit: longestName } } } : { value }
}

const longestText = 500

export const plainText = (text: string): Cleaned<string> => {
  const value = text.replace(leftBehind, '').trim()
  return value.length > longestText ? { problem: { code: 'text.long', params: { limit: longestText } } } : { value }
}

/** An e-mail address, in lower case. */
export const email = (text: string): Cleaned<string> => {
  const value = halfWidth(text).toLowerCase()
  return /^[^\s@,;<>()]+@[^\s@,;<>()]+$/.test(value) && value.length <= 255 ? { value } : refuse('email.not', text)
}

const scientific = /^\d(?:\.\d+)?[eE]\+?\d+$/

/** An id as other systems give it; a spreadsheet's `.0` behind whole numbers is not part of it. */
export const id = (text: string): Cleaned<string> => {
  const value = halfWidth(text).replace(/^(\d+)\.0+$/, '$1')
  if (scientific.test(value)) return refuse('id.scientific', text)
  return value === '' || value.length > 255 ? refuse('id.not', text) : { value }
}

/**
 * A phone in its normal form: mainland numbers as 11 digits, others with their country code and a plus; numbers of unknown country stay
 * as their digits.
 */
export const phone = (text: string): Cleaned<string> => {
  const bare = halfWidth(text)
    .replace(/^(\d+)\.0+$/, '$1')
    .replace(/[\s()\-.]/g, '')
    .replace(/^(00)(?=\d)/, '+')
  if (scientific.test(halfWidth(text))) return refuse('phone.scientific', text)
  const mainland = bare.replace(/^\+?86(?=1\d{10}$)/, '')
  // No mobile begins with 10, 11 or 12: people type 11111111111 to get past a form, and it would make strangers one customer.
  if (/^1\d{10}$/.test(mainland)) return mainland < '13' ? refuse('phone.not', text) : { value: mainland }
  return /^\+?\d{6,15}$/.test(bare) ? { value: bare } : refuse('phone.not', text)
}

/** A plain number: 12.5, 1,299, 12%. */
export const number = (text: string): Cleaned<number> => {
  const value = halfWidth(text).replace(/(?<=\d),(?=\d{3}(?:\D|$))/g, '')
  const percent = value.endsWith('%')
  const bare = percent ? value.slice(0, -1) : value
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(bare)) return refuse('number.not', text)
  return { value: percent ? Number(bare) / 100 : Number(bare) }
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '))
const yes = words(
  '是 有 真 对 同意 已同意 已授权 授权 允许 接受 订阅 yes y true t 1 on ok granted agree agreed accepted opted_in subscribed',
)
const no = words(
  '否 无 不 不是 没有 假 错 拒绝 不同意 未同意 未授权 退订 已退订 撤回 已撤回 no n false f 0 off none withdrawn denied declined opted_out unsubscribed',
)

/** Yes or no, in both languages. */
export const boolean = (text: string): Cleaned<boolean> => {
  const value = halfWidth(text).toLowerCase().replace(/[\s-]/g, '_')
  if (yes.has(value)) return { value: true }
  return no.has(value) ? { value: false } : refuse('boolean.not', text)
}

/** Consent (同意 / 拒绝). */
export const consent = (text: string): Cleaned<'granted' | 'withdrawn'> => {
  const said = boolean(text)
  return 'problem' in said ? refuse('consent.not', text) : { value: said.value ? 'granted' : 'withdrawn' }
}

const genders = {
  male: words('male m man boy 男 男性 男士 先生 1'),
  female: words('female f woman girl 女 女性 女士 小姐 太太 2'),
  unknown: words('unknown u other 未知 保密 其他 不详 0'),
} as const

/** Gender; WeCom's numbers too (1 male, 2 female, 0 unknown). */
export const gender = (text: string): Cleaned<keyof typeof genders> => {
  const value = halfWidth(text).toLowerCase()
  if (genders.male.has(value)) return { value: 'male' }
  if (genders.female.has(value)) return { value: 'female' }
  return genders.unknown.has(value) ? { value: 'unknown' } : refuse('gender.not', text)
}

const between = /[,，、;；|\n]+/

/** Several values in one cell, each once. */
export const list = (text: string): Cleaned<readonly string[]> => ({
  value: [...new Set(text.split(between).map((part) => part.trim()))].filter((part) => part !== ''),
})
