import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength } from './bytes.ts'
import { numberedParts, splitText } from './split.ts'

const words = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\n', '好', '👩‍👩‍👧', 'é', 'a', ' '),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 400,
})
const limit = fc.integer({ min: 30, max: 300 })
const ends = (text: string): number[] =>
  [...new Intl.Segmenter('zh', { granularity: 'grapheme' }).segment(text)].map(
    ({ index, segment }) => index + segment.length,
  )

describe('a text split by bytes', () => {
  it('joins to itself, each part within the limit and none empty', () => {
    fc.assert(
      fc.property(words, limit, (text, max) => {
        const parts = splitText(text, max)
        expect(parts.join('')).toBe(text)
        for (const part of parts) {
          expect(part).not.toBe('')
          expect(byteLength(part)).toBeLessThanOrEqual(max)
        }
      }),
    )
  })

  it('is never cut inside a character, however it is made up', () => {
    fc.assert(
      fc.property(words, limit, (text, max) => {
        const borders = new Set(ends(text))
        let at = 0
        for (const part of splitText(text, max)) {
          at += part.length
          expect(borders.has(at)).toBe(true)
        }
      }),
    )
  })

  it('is cut after lines wherever every line fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('好', 'a', '👍🏽'), maxLength: 9 }), { maxLength: 60 }),
        limit,
        (lines, extra) => {
          const max = extra + 100
          const parts = splitText(lines.join('\n'), max)
          for (const part of parts.slice(0, -1)) expect(part.endsWith('\n')).toBe(true)
          // No part could have taken the next line too.
          parts.slice(1).forEach((part, index) => {
            const [line = ''] = part.match(/^[^\n]*\n?/) ?? []
            expect(byteLength(`${parts[index]}${line}`)).toBeGreaterThan(max)
          })
        },
      ),
    )
  })

  it('falls into code points where one character is longer than the limit', () => {
    const tall = `a${'\u0301'.repeat(40)}`
    const parts = splitText(tall, 20)
    expect(parts.join('')).toBe(tall)
    for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(20)
  })
})

it('is counted as WeCom counts it', () => {
  expect(byteLength('知音 ok')).toBe(9)
})

describe('numbered parts', () => {
  it('stay as they are when they fit', () => {
    expect(numberedParts('好', 3)).toEqual(['好'])
    expect(splitText('', 10)).toEqual([])
  })

  it('carry their number on a last line, within the limit, and lose nothing else', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 60, max: 300 }), (text, max) => {
        const parts = numberedParts(text, max)
        for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(max)
        if (parts.length === 1) {
          expect(parts[0]).toBe(text)
          return
        }
        const bare = parts.map((part, index) => {
          const number = `\n(${index + 1}/${parts.length})`
          expect(part.endsWith(number)).toBe(true)
          return part.slice(0, -number.length)
        })
        // A part that ended with a line break gave it up for the one before its number.
        expect(bare.join('').replaceAll('\n', '')).toBe(text.replaceAll('\n', ''))
      }),
    )
  })
})
