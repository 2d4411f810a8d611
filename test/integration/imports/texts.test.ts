import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { importRoom, type ImportRoom } from './room.ts'

const mongo = useMongo()
let room: ImportRoom
beforeAll(async () => {
  room = await importRoom(mongo.get(), movableClock())
})
afterAll(() => room.close())

const many = (unit: string, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...unit), maxLength: most, size: 'max' })
/** What stands in the cells of real files: long Chinese, emoji of several parts, right to left, control characters, what CSV itself is made of. */
const text = fc.oneof(
  many('状元楼饭店第一次去，因为地理位置优越：装修中式！', 250),
  fc.array(fc.constantFrom('👨‍👩‍👧‍👦', '🧑🏽‍💻', '🏳️‍🌈', '❤️', '王', ' '), { maxLength: 12 }).map((parts) => parts.join('')),
  many('שלום مرحبا می‌خواهم\u202e\u202d\u2066\u2069', 60),
  many('\u0000\u0001\u0007\b\u001b\u007f\u0085\u2028\r\n\t ,;|"\'=+-@\\甲', 40),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
)
const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`

/** Letters that make a difference: blanks, invisible marks and the width of letters do not. */
const bare = (value: string): string => value.normalize('NFKC').replace(/[\s\u200b-\u200d\u2060\ufeff]/g, '')
/** A spreadsheet’s mark in front of a formula, and blanks around. */
const asText = (value: string): string => value.trim().replace(/^'(?=[=@+-])/, '')

it('every row is taken with all of its text, or refused with it as it stood', async () => {
  const [rows = []] = fc.sample(fc.array(fc.tuple(text, text, text), { minLength: 100, maxLength: 100 }), {
    seed: 5,
    numRuns: 1,
  })
  const lines = rows.map((cells, n) => [`P${n}`, ...cells].map(cell).join(','))
  const { id, state, counts } = await room.take('customers', ['客户编号,姓名,肤质,备注', ...lines].join('\n'), [
    { to: 'identity', kind: 'crm_id' },
    { to: 'trait', key: 'name', form: 'name' },
    { to: 'trait', key: 'skin', form: 'text' },
    { to: 'skip' },
  ])
  expect(state).toBe('done')
  expect(counts).toMatchObject({ rows: 100, updated: 0, unchanged: 0 })
  expect(counts.created + counts.rejected).toBe(100)

  const refused = new Map((await room.rejected(id)).map(({ row, cells }) => [row, cells]))
  expect(counts.rejected).toBeGreaterThan(3)
  for (const [n, [name, skin, note]] of rows.entries()) {
    const back = refused.get(n + 2)
    if (back !== undefined) {
      expect(back).toEqual([`P${n}`, name, skin, note])
      continue
    }
    const { whole } = await room.customer('crm_id', `P${n}`)
    const traits = new Map((whole?.state.traits ?? []).map(({ key, value }) => [key, value]))
    expect(bare(String(traits.get('name') ?? ''))).toBe(bare(asText(name)))
    expect(bare(String(traits.get('skin') ?? ''))).toBe(bare(asText(skin)))
  }
})

it('an emoji of several parts and a Persian word stay whole; what a chat leaves behind goes', async () => {
  const names = ['👨‍👩‍👧‍👦 王家', 'می‌خواهم', '\u200b李\u200d雷\ufeff']
  await room.take('customers', ['客户编号,姓名', ...names.map((name, n) => `Z${n},${name}`)].join('\n'))
  const kept = await Promise.all(names.map(async (_name, n) => (await room.customer('crm_id', `Z${n}`)).view.name))
  expect(kept).toEqual(['👨‍👩‍👧‍👦 王家', 'می‌خواهم', '李雷'])
})
