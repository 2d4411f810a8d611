import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { settle } from './settle.ts'
import type { Told, Wish } from './tags.model.ts'

const told: Told = { name: '老客', order: 1 }
const at = (minutes: number): Date => new Date(Date.UTC(2026, 5, 1, 2, minutes))
const wish = (op: Wish['op'], minutes: number): Wish => ({ op, at: at(minutes), tries: 0 })
const ours = (change: Partial<Parameters<typeof settle>[0]> = {}) => ({
  name: '老客',
  order: 1,
  deleted: false,
  told,
  wish: null,
  ...change,
})

describe('a tag that both sides have', () => {
  it('is as WeCom says when nothing of ours is under way', () => {
    expect(settle(ours(), { name: '常客', order: 3 }, at(5))).toEqual({
      name: '常客',
      order: 3,
      deleted: false,
      told: { name: '常客', order: 3 },
      wish: null,
      conflict: null,
    })
    expect(settle(ours(), null, at(5))).toMatchObject({ deleted: true, wish: null, conflict: null })
  })

  it('keeps our change while WeCom has not changed it', () => {
    const renamed = ours({ name: '贵客', wish: wish('edit', 1) })
    expect(settle(renamed, told, at(9))).toMatchObject({ name: '贵客', wish: renamed.wish, conflict: null })
    const deleted = ours({ deleted: true, wish: wish('delete', 1) })
    expect(settle(deleted, told, at(9))).toMatchObject({ deleted: true, wish: deleted.wish, conflict: null })
  })

  it('goes to the later of two changes, and says so', () => {
    const renamed = ours({ name: '贵客', wish: wish('edit', 5) })
    const theirs = { name: '常客', order: 1 }
    expect(settle(renamed, theirs, at(6))).toMatchObject({
      name: '常客',
      wish: null,
      conflict: { ours: '贵客', theirs: '常客', kept: 'theirs', at: at(6) },
    })
    expect(settle(renamed, theirs, at(4))).toMatchObject({
      name: '贵客',
      wish: renamed.wish,
      told: theirs,
      conflict: { kept: 'ours' },
    })
    const deleted = ours({ deleted: true, wish: wish('delete', 5) })
    expect(settle(deleted, theirs, at(6))).toMatchObject({ deleted: false, wish: null, conflict: { kept: 'theirs' } })
    expect(settle(renamed, null, at(6))).toMatchObject({ deleted: true, conflict: { ours: '贵客', theirs: '' } })
  })

  it('is settled once: the same word again changes nothing more', () => {
    const name = fc.constantFrom('甲', '乙', '丙')
    const state = fc.record({
      name,
      order: fc.nat(2),
      deleted: fc.boolean(),
      told: fc.option(fc.record({ name, order: fc.nat(2) })),
      wish: fc.option(
        fc.record({
          op: fc.constantFrom('edit' as const, 'delete' as const),
          at: fc.constant(at(5)),
          tries: fc.constant(0),
        }),
      ),
    })
    const word = fc.option(fc.record({ name, order: fc.nat(2) }))
    fc.assert(
      fc.property(state, word, fc.nat(9), (before, theirs, minutes) => {
        const { conflict: _conflict, ...once } = settle(before, theirs, at(minutes))
        const { conflict: _again, ...twice } = settle(once, theirs, at(minutes))
        expect(twice).toEqual(once)
        if (once.wish === null && theirs !== null) expect({ name: once.name, order: once.order }).toEqual(theirs)
      }),
    )
  })
})
