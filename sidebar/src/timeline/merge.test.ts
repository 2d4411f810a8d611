import { expect, it } from 'vitest'
import { buildItem } from '../testing/build.ts'
import { appendPage, mergePage } from './merge.ts'

const items = (...ids: string[]) => ids.map((id) => buildItem(id))
const ids = ({ items: all }: { items: readonly { id: string }[] }) => all.map(({ id }) => id)

it('puts a late fact where the page has it', () => {
  const merged = mergePage({ items: items('e', 'c', 'b', 'a'), next: 'n' }, { items: items('e', 'd', 'c'), next: 'm' })
  expect(ids(merged)).toEqual(['e', 'd', 'c', 'b', 'a'])
  expect(merged.next).toBe('n')
})

it('starts anew when the page no longer touches what was loaded', () => {
  expect(mergePage({ items: items('b', 'a'), next: null }, { items: items('z', 'y'), next: 'm' })).toMatchObject({
    next: 'm',
  })
})

it('takes the page alone when it is everything', () => {
  expect(ids(mergePage({ items: items('b', 'a'), next: 'n' }, { items: items('c', 'b'), next: null }))).toEqual([
    'c',
    'b',
  ])
})

it('appends an older page without doubles', () => {
  expect(ids(appendPage({ items: items('c', 'b'), next: 'n' }, { items: items('b', 'a'), next: null }))).toEqual([
    'c',
    'b',
    'a',
  ])
})
