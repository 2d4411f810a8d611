import { segments } from '@zhiyin/shared/api/segments'
import { tagRules, tags } from '@zhiyin/shared/api/tags'
import { tiers } from '@zhiyin/shared/api/tiers'
import type { Checks } from './checks.ts'
import { numbersFrom, shuffled } from './csv.ts'
import { beforeTheNight, columns, fileOf, quintileScheme, throughTheNight } from './night.ts'
import { startProduct, type Product } from './product.ts'
import type { RawOrder } from './sets.ts'
import { dayMs } from './zone.ts'

/** When something was worked out, how often, and under which ids of this run. */
const ofTheWork = new Set(['_id', 'createdAt', 'updatedAt', 'rev', 'definitions', 'workedOutAt', 'since', 'lookAt'])
const counted = new Set(['stageVersion', 'tierVersion', 'moveVersion'])

/** Keys in order, so that equal profiles are equal texts. The reason of a rule’s tag is of when it came on, as its `since` is. */
const canonical = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !ofTheWork.has(key) && !counted.has(key) && !(key === 'because' && 'ruleId' in value))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  )
}

/** A scheme by quintiles, a tag by a rule and a segment that asks for the tag: the ids they have in this run, by name. */
const define = async ({ call }: Product): Promise<Map<string, string>> => {
  const { scheme } = await call(tiers.create, { body: quintileScheme })
  const tag = await call(tags.create, { body: { name: 'Regular', group: 'Checked' } })
  const isRegular = { type: 'orders', op: 'gte', value: 5 } as const
  const rule = await call(tagRules.create, { body: { name: 'Five orders', tagId: tag.id, condition: isRegular } })
  await call(tagRules.turn, { params: { id: rule.id }, body: { on: true } })
  const condition = {
    type: 'all' as const,
    of: [
      { type: 'tag' as const, tagId: tag.id, tag: tag.name },
      { type: 'not' as const, of: { type: 'stage' as const, in: ['lost' as const] } },
    ],
  }
  const segment = await call(segments.create, { body: { kind: 'rule', name: 'Regulars', note: '', condition } })
  return new Map([
    [scheme.id, 'the-scheme'],
    [tag.id, 'the-tag'],
    [rule.id, 'the-rule'],
    [segment.id, 'the-segment'],
  ])
}

/** Every customer’s whole profile as a text, and how many have the tag and are in the segment. */
const profilesOf = async (product: Product, ids: ReadonlyMap<string, string>) => {
  const found = new Map<string, string>()
  let [tagged, members] = [0, 0]
  for (const [customer, doc] of await product.customers()) {
    let text = JSON.stringify(canonical(doc))
    for (const [id, name] of ids) text = text.replaceAll(id, name)
    tagged += text.includes('the-rule') ? 1 : 0
    members += text.includes('the-segment') ? 1 : 0
    found.set(customer, text)
  }
  return { found, tagged, members }
}

type Way = {
  readonly name: string
  readonly bring: (product: Product, orders: readonly RawOrder[], moved: number) => Promise<void>
}

/** Each ends with every order told at least once. */
const ways: readonly Way[] = [
  {
    name: 'shuffled',
    bring: async (product, orders, moved) => {
      await product.bring('shuffled', fileOf(shuffled(orders, numbersFrom(1)), moved), columns, 'CNY')
    },
  },
  {
    name: 'the later half first, each backwards',
    bring: async (product, orders, moved) => {
      const backwards = orders.toReversed()
      const middle = Math.floor(orders.length / 2)
      for (const half of [backwards.slice(0, middle), backwards.slice(middle)]) {
        await product.bring('half', fileOf(half, moved), columns, 'CNY')
        await product.quiet()
      }
    },
  },
  {
    name: 'twice, shuffled, with kill -9 in each',
    bring: async (product, orders, moved) => {
      for (const seed of [2, 3]) {
        const id = await product.start('twice', fileOf(shuffled(orders, numbersFrom(seed)), moved), columns, 'CNY')
        let killed = false
        await product.over(id, async ({ progress }) => {
          if (killed || progress < 0.6) return
          killed = true
          await product.crash()
        })
        if (!killed) throw new Error('The import was over before it could be killed')
      }
    },
  },
]

const run = async (orders: readonly RawOrder[], bring: Way['bring']) => {
  const product = await startProduct()
  try {
    const today = await beforeTheNight(product)
    const ids = await define(product)
    const moved = today - 1 - Math.floor(Math.max(...orders.map(({ at }) => at)) / dayMs)
    await bring(product, orders, moved)
    await throughTheNight(product, today)
    return await profilesOf(product, ids)
  } finally {
    await product.close()
  }
}

/** The same orders in other orders, again and through crashes: every profile, level, tag and membership must be the same. */
export const checkOrder = async (checks: Checks, orders: readonly RawOrder[]): Promise<void> => {
  const plain = await run(orders, async (product, all, moved) => {
    await product.bring('plain', fileOf(all, moved), columns, 'CNY')
  })
  checks.say(
    `  ${orders.length} orders as they stand: ${plain.tagged} tagged by the rule, ${plain.members} in the segment`,
  )
  for (const { name, bring } of ways) checks.each(name, plain.found, (await run(orders, bring)).found)
}
