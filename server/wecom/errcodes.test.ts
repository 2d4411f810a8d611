import { describe, expect, it } from 'vitest'
import { isBug, isKnown, kindOf } from './errcodes.ts'
import type { WecomErrorKind } from './types.ts'

/**
 * The platform's codes and what its manual wants done. T: new token, once · R: try again with backoff · B: stop the path for its window ·
 * D: drop the item · C: a person mends the configuration · U: tell the user · bug: our request is wrong · wait: later · again: begin the
 * listing again · other: go on in another way (split, shorten, upload anew, use the other call, treat as done).
 */
type Class = 'T' | 'R' | 'B' | 'D' | 'C' | 'U' | 'bug' | 'wait' | 'again' | 'other'
type Row = readonly [Class, readonly number[]]
const manual: readonly (readonly [section: string, ...rows: Row[]])[] = [
  [
    'transport and tokens',
    ['R', [-1, 6000, 45033]],
    ['T', [40001, 40014, 42001]],
    ['C', [40013, 40091, 41001, 45031, 48001, 48002, 48004, 48005, 48006, 48009, 60020, 50003, 50006, 301002, 40056]],
    ['C', [43009, 90510]],
    ['B', [45009]],
    ['other', [45029]],
  ],
  [
    'parameters',
    ['bug', [40058, 40063, 40033, 44001, 44004, 40008]],
    ['D', [40035, 40003, 60111, 46004, 40031, 40032, 60011, 60021, 50002, 60003, 60123, 40004, 40005, 40006, 40009]],
    ['D', [45001, 45007, 45008, 40039, 45034, 40094]],
    ['other', [40206, 40007, 45002, 81017]],
    ['again', [50100]],
  ],
  [
    'OAuth and JSSDK',
    ['U', [40029, 42003, 42022, 84014, 84015]],
    ['C', [50001, 40093, 85005, 85004, 85008]],
    ['other', [42012]],
    ['bug', [91040]],
  ],
  [
    'customers, tags, contact ways',
    ['D', [84061, 40096, 84074, 84083, 84084, 40068, 40072, 610004, 610014, 41044, 41054, 40098, 90501, 90509, 90511]],
    ['bug', [41035, 41056, 41037, 41038, 41039, 41040, 41042, 41043]],
    ['other', [40071, 41041, 41091]],
    ['C', [40126, 41057, 41045, 41095]],
  ],
  [
    'messages',
    ['D', [41047, 41048, 41094, 41050, 41051, 41096, 41053, 40201, 40204, 81013, 60140, 42052]],
    ['D', [41059, 41060, 41061, 41062, 41067]],
    ['bug', [41046, 41064, 41065, 41049, 82001, 82002, 82003]],
    ['bug', [42014, 42015, 42016, 42017, 42018, 42019, 42020, 42027, 42028, 42029, 42050, 42051]],
    ['wait', [41063, 41078, 41079]],
    ['other', [41072, 41093]],
    ['U', [41080, 41081, 41082, 41090, 85002, 82004, 41068, 41069, 41070, 41071, 41076, 41077, 41083, 41084]],
    ['U', [41073, 41074, 41075, 41085, 41086, 41087]],
    ['C', [41055, 41058, 90206, 90207, 90208]],
  ],
  [
    'transfer',
    ['other', [40097, 40099, 40100, 40129]],
    ['D', [40128, 40130, 40131, 40205, 90500, 90502, 90503, 90504, 90507, 90508]],
    ['C', [40143]],
  ],
  ['group robot', ['C', [93000, 93004, 93006, 93008]]],
  ['customer service', ['D', [95000, 95004, 95001, 95002, 95003, 95013, 95014, 95016, 95018]], ['other', [95007]]],
  ['third parties', ['C', [701001, 701008, 701099, 40077, 40078, 42007, 42009]]],
]

const kinds: Readonly<Record<Class, readonly WecomErrorKind[]>> = {
  T: ['token'],
  R: ['busy'],
  B: ['blocked'],
  D: ['refused', 'gone'],
  C: ['config'],
  U: ['refused'],
  bug: ['refused'],
  wait: ['busy'],
  again: ['busy'],
  other: ['refused'],
}

describe('every errcode of the manual', () => {
  it.each(manual.map(([section, ...rows]) => ({ section, rows })))('$section', ({ rows }) => {
    for (const [asked, errcodes] of rows)
      for (const errcode of errcodes) {
        expect([errcode, isKnown(errcode)]).toEqual([errcode, true])
        expect(kinds[asked], String(errcode)).toContain(kindOf(errcode))
        expect([errcode, isBug(errcode)]).toEqual([errcode, asked === 'bug'])
      }
  })

  it('stands in the table once', () => {
    const all = manual.flatMap(([, ...rows]) => rows.flatMap(([, errcodes]) => errcodes))
    expect(all).toHaveLength(new Set(all).size)
  })

  it('and one that stands nowhere is a refusal that is reported', () => {
    for (const errcode of [1, 99_999, 700_999, 701_100]) {
      expect(kindOf(errcode)).toBe('refused')
      expect(isKnown(errcode)).toBe(false)
    }
  })
})
