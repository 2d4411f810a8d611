import { z } from 'zod'
import type { Attribute } from './attribute.ts'
import { Layer } from './customer.ts'

export const variableTypes = ['text', 'number', 'money', 'date'] as const
export const VariableType = z.enum(variableTypes)
export type VariableType = z.infer<typeof VariableType>

/** What a template may name. */
export const Variable = z.object({
  /** As a template writes it: customer.name */
  path: z.string(),
  name: z.string(),
  nameEn: z.string(),
  type: VariableType,
  /** The layer of the profile it comes from; null: not of the customer. */
  layer: Layer.nullable(),
  /** What stands there when nothing is known and the writer set nothing; null: the writer must set it. */
  fallback: z.string().nullable(),
  /** Stands in where there is no customer. */
  sample: z.string(),
})
export type Variable = z.infer<typeof Variable>

const one = (
  path: string,
  [name, nameEn]: readonly [string, string],
  type: VariableType,
  layer: Variable['layer'],
  fallback: string,
  sample: string,
): Variable => ({ path, name, nameEn, type, layer, fallback, sample })

/** What every template may name, with what stands there by itself: a message never shows a hole. */
export const builtInVariables: readonly Variable[] = [
  one('customer.name', ['客户昵称', 'customer name'], 'text', 'basic', '您', '陈琳'),
  one('rep.name', ['顾问姓名', 'rep name'], 'text', 'social', '我', '王敏'),
  one('tier', ['层级', 'tier'], 'text', 'consumption', 'C', 'A'),
  one('stage', ['阶段', 'stage'], 'text', 'trajectory', '', 'silent'),
  one('days_silent', ['沉默天数', 'days silent'], 'number', 'trajectory', '0', '32'),
  one('orders', ['订单数', 'orders'], 'number', 'consumption', '0', '4'),
  one('spend', ['累计消费', 'spend so far'], 'money', 'consumption', '¥0', '¥2,380'),
  one('last_product', ['上次买的商品', 'product bought last'], 'text', 'consumption', '', '舒缓精华'),
  one('coupon.code', ['券码', 'coupon code'], 'text', null, '', 'ZY-8K2M-51'),
  one('coupon.value', ['券的面额', 'value of the coupon'], 'text', null, '', '满 300 减 60'),
  one('coupon.expires', ['券的有效期', 'expiry of the coupon'], 'date', null, '', '12月31日'),
]

const typeOf: Readonly<Partial<Record<Attribute['type'], VariableType>>> = {
  text: 'text',
  choice: 'text',
  list: 'text',
  number: 'number',
  money: 'money',
  date: 'date',
}
const samples: Readonly<Record<VariableType, string>> = { text: '示例', number: '3', money: '¥260', date: '5月20日' }

/** Of the built-in attributes these read well in a message; the others are noted for reps, or have a variable of their own. */
const spoken: ReadonlySet<string> = new Set([
  'province',
  'city',
  'district',
  'birthday',
  'average_order',
  'first_order_at',
  'last_order_at',
  'cycle_days',
  'categories',
  'topics',
  'added_at',
])
const ownSamples: Readonly<Record<string, string>> = {
  province: '浙江省',
  city: '杭州市',
  district: '西湖区',
  categories: '精华、面膜',
  topics: '敏感肌护理',
}

/** An attribute as a variable; null where a message cannot say it. What is sensitive is nobody's to write into messages. */
export const variableOf = (attribute: Attribute, builtIn: ReadonlySet<string>): Variable | null => {
  const { key, name, nameEn, layer, sensitivity } = attribute
  const type = typeOf[attribute.type]
  if (type === undefined || sensitivity === 'sensitive') return null
  if (builtIn.has(key) && !spoken.has(key)) return null
  const path = `customer.${key}`
  const sample = ownSamples[key] ?? samples[type]
  return { path, name, nameEn: nameEn || name, type, layer, fallback: null, sample }
}
