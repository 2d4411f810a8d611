import { z } from 'zod'
import { fill, type Bilingual, type Lang } from './text.ts'

/** Why a value or a row cannot be taken, and what to do about it. `value` is what stands in the cell. */
export const problemTexts = {
  'phone.not': {
    zh: '「{value}」不是电话号码：大陆手机 11 位、以 13–19 开头，其他加国家码（如 +852…）',
    en: '“{value}” is no phone number: 11 digits from 13 to 19 for mainland mobiles, else with the country code (+852…)',
  },
  'phone.scientific': {
    zh: '「{value}」被表格软件改成了科学计数，位数已丢失：把该列设为文本后重新填写',
    en: '“{value}” was turned into scientific notation by a spreadsheet and has lost digits: format the column as text and fill it in again',
  },
  'email.not': { zh: '「{value}」不是邮箱地址', en: '“{value}” is no e-mail address' },
  'id.not': {
    zh: '「{value}」不能用作编号：要 1–255 个字符，且不是 0、null、unknown 这类占位',
    en: '“{value}” is no id: 1 to 255 characters, and no stand-in like 0, null or unknown',
  },
  'id.scientific': {
    zh: '编号「{value}」被表格软件改成了科学计数，位数已丢失：把该列设为文本后重新导出',
    en: 'The id “{value}” was turned into scientific notation by a spreadsheet and has lost digits: format the column as text and export again',
  },
  'region.unknown': {
    zh: '认不出地区「{value}」：请写省市区全称（如 浙江省杭州市西湖区）或 6 位行政区划代码',
    en: 'Unknown region “{value}”: write province, city and district (浙江省杭州市西湖区) or the 6-digit code',
  },
  'region.ambiguous': {
    zh: '「{value}」不止一处（{options}）：请写上省市',
    en: '“{value}” is in several places ({options}): add the province or city',
  },
  'region.mismatch': { zh: '「{value}」里的省和市对不上', en: 'Province and city of “{value}” do not fit' },
  'money.not': { zh: '「{value}」不是金额', en: '“{value}” is no amount of money' },
  'money.negative': {
    zh: '金额「{value}」是负数：退款请放在退款列',
    en: 'The amount “{value}” is negative: refunds belong in a refund column',
  },
  'money.too_large': { zh: '金额「{value}」太大', en: 'The amount “{value}” is too large' },
  'money.currency': {
    zh: '「{value}」不是币种：请写三位代码，如 CNY、USD',
    en: '“{value}” is no currency: three letters, as CNY or USD',
  },
  'money.currencies_differ': {
    zh: '金额「{value}」的币种和币种列不同',
    en: 'The currency of “{value}” is not that of the currency column',
  },
  'time.not': {
    zh: '「{value}」不是时间：请写 2025-03-01 或 2025-03-01 08:05',
    en: '“{value}” is no time: write 2025-03-01 or 2025-03-01 08:05',
  },
  'time.ambiguous': {
    zh: '「{value}」分不清哪个是月、哪个是日：请写 2025-03-01',
    en: 'Day and month of “{value}” cannot be told apart: write 2025-03-01',
  },
  'time.range': { zh: '时间「{value}」早于 1970 年或晚于 2100 年', en: '“{value}” is before 1970 or after 2100' },
  'time.future': { zh: '时间「{value}」还没到', en: '“{value}” is in the future' },
  'birthday.not': { zh: '「{value}」不是生日：请写 1992-12-18', en: '“{value}” is no birthday: write 1992-12-18' },
  'birthday.range': {
    zh: '生日「{value}」早于 1900 年或还没到',
    en: 'The birthday “{value}” is before 1900 or in the future',
  },
  'gender.not': { zh: '「{value}」不是性别：男、女或未知', en: '“{value}” is no gender: male, female or unknown' },
  'number.not': { zh: '「{value}」不是数字', en: '“{value}” is no number' },
  'quantity.not': { zh: '数量「{value}」要大于 0', en: 'The quantity “{value}” must be above 0' },
  'boolean.not': { zh: '「{value}」不是「是」或「否」', en: '“{value}” is neither yes nor no' },
  'consent.not': { zh: '「{value}」看不出是同意还是拒绝', en: '“{value}” says neither granted nor withdrawn' },
  'tag.unknown': {
    zh: '没有标签「{value}」：请先在“标签”里新建，或改成已有的名字',
    en: 'There is no tag “{value}”: make it under Tags first, or use the name of one there is',
  },
  'tag.several': {
    zh: '标签「{value}」在几个组里都有：请写成 组名/标签名',
    en: 'Several groups have a tag “{value}”: write group/tag',
  },
  'text.long': { zh: '文字太长，最多 {limit} 字', en: 'Too long; at most {limit} characters' },
  'row.columns': {
    zh: '这一行有 {found} 列，表头有 {expected} 列：检查是否有没加引号的分隔符',
    en: 'This row has {found} columns, the header {expected}: look for delimiters without quotes',
  },
  'row.no_identity': {
    zh: '没有可以认出客户的编号（客户编号、手机、邮箱……）',
    en: 'Nothing tells who the customer is (number, phone, e-mail…)',
  },
  'row.erased': {
    zh: '这位客户的资料已应其要求删除，之前的资料不再导入',
    en: 'This customer’s data was erased at their request; what is from before is not taken in again',
  },
  'row.missing': { zh: '没有填', en: 'Empty, but needed' },
  'order.amounts_differ': {
    zh: '订单 {orderId} 各行的订单金额不同：如果是每行的金额，请把该列改为“本行金额”',
    en: 'The lines of order {orderId} name different amounts: if they are of the lines, map the column as “amount of the line”',
  },
  'order.customers_differ': {
    zh: '订单 {orderId} 的各行写着不同的客户',
    en: 'The lines of order {orderId} name different customers',
  },
  'order.currencies_differ': {
    zh: '订单 {orderId} 的各行币种不同',
    en: 'The lines of order {orderId} are in different currencies',
  },
  'order.other_line': {
    zh: '订单 {orderId} 的另一行有问题：整笔一起退回，改好后一起上传',
    en: 'Another row of order {orderId} cannot be taken, so none of it is: correct that row and upload all of them',
  },
  'order.refund_too_large': {
    zh: '订单 {orderId} 的退款大于订单金额',
    en: 'More is refunded of order {orderId} than it was',
  },
  unknown: { zh: '产品已更新，刷新页面可见原因', en: 'Updated meanwhile; reload the page to see why' },
} as const satisfies Record<string, Bilingual>

export type ProblemCode = keyof typeof problemTexts
const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemTexts, code)

/** A code this build does not know becomes `unknown`, so that an open page outlives an update of the server. */
export const Problem = z.object({
  code: z
    .custom<ProblemCode>((code) => typeof code === 'string' && isProblemCode(code), 'unknown problem')
    .meta({ type: 'string' })
    .catch('unknown'),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Problem = { readonly code: ProblemCode; readonly params: Readonly<Record<string, string | number>> }

export const sayProblem = ({ code, params }: Problem, lang: Lang): string =>
  fill(problemTexts[code], { ...params }, lang)
