import { describe, expect, it } from 'vitest'
import { retryOf } from '../platform/errors.ts'
import { kindOf } from './errcodes.ts'
import { WecomError, hintOf, isWecomError } from './errors.ts'
import type { WecomErrorKind } from './types.ts'

const table: [WecomErrorKind, number[]][] = [
  ['token', [40001, 40014, 42001]],
  ['busy', [-1, 6000, 45033, 41063]],
  ['blocked', [45009]],
  ['config', [60020, 48002, 40013, 301002, 93000, 45031]],
  ['gone', [84061, 40096, 60111, 41047, 90501, 40068]],
  ['refused', [41050, 41051, 41048, 40201, 40029, 40071, 81013, 40058, 999999]],
]

describe('error kinds', () => {
  it.each(table)('%s', (kind, errcodes) => {
    for (const errcode of errcodes) expect([errcode, kindOf(errcode)]).toEqual([errcode, kind])
  })

  it('decide the retry, the report and what a person is told', () => {
    const error = (kind: WecomErrorKind, errcode = 1) => new WecomError({ kind, errcode, path: '/p', hint: 'h' })
    expect(retryOf(error('busy'))).toBe('backoff')
    expect(retryOf(error('unreachable'))).toBe('backoff')
    expect(retryOf(error('ambiguous'))).toBe('never')
    expect(retryOf(error('refused'))).toBe('never')
    expect(retryOf(error('blocked'))).toEqual({ afterMs: 60_000 })
    expect(error('ambiguous').code).toBe('wecom.unreachable')
    expect(error('gone').code).toBe('wecom.refused')
    expect(error('config').report).toBe(true)
    expect(error('refused', 41050).report).toBe(false)
    expect(error('refused', 987654).report).toBe(true)
    expect(isWecomError(error('gone', 84061), 84061)).toBe(true)
    expect(isWecomError(error('gone', 84061), 84062)).toBe(false)
    expect(isWecomError(new Error('x'))).toBe(false)
  })

  it('keeps the address a hint names and drops the link', () => {
    expect(hintOf('not allow, hint: [1], from ip: 1.2.3.4, more info at https://x/y?e=60020')).toBe(
      'not allow, hint: [1], from ip: 1.2.3.4',
    )
  })
})
