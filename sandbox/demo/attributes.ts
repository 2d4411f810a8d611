import { api } from '@zhiyin/shared/api'
import type { Attribute, Computation } from '@zhiyin/shared/attribute'
import { skins } from '../population/catalog.ts'
import type { Product } from './product.ts'

const base = { choices: [], sensitivity: 'open', sources: [] } satisfies Partial<Attribute>
const orders: Computation['of'] = { event: 'order.completed', where: [] }

/** What the company knows of its customers beyond what is built in: what the shop sends of them, and what is worked out. */
const attributes: readonly Attribute[] = [
  {
    ...{ ...base, key: '肤质', name: '肤质', nameEn: 'Skin type', layer: 'basic', type: 'choice' },
    choices: [...skins],
    computation: null,
  },
  {
    ...{
      ...base,
      key: 'spend_90d',
      name: '近 90 天消费',
      nameEn: 'Spend in 90 days',
      layer: 'consumption',
      type: 'money',
    },
    computation: { type: 'sum', of: orders, property: 'amount', windowDays: 90 },
  },
  {
    ...{ ...base, key: 'usual_products', name: '常买商品', nameEn: 'Usual products', layer: 'interests', type: 'list' },
    computation: { type: 'top', of: orders, property: 'name', most: 3, windowDays: 365 },
  },
]

/** Defines them; what is there already is kept. */
export const defineAttributes = async ({ call }: Pick<Product, 'call'>): Promise<void> => {
  const { items } = await call(api.attributes.list)
  const known = new Set(items.map(({ key }) => key))
  for (const body of attributes) if (!known.has(body.key)) await call(api.attributes.create, { body })
}
