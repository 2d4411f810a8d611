import { asText } from '../bson/values.ts'
import { regexParts } from '../bson/compare.ts'
import { fail } from '../errors.ts'

/** Turns MongoDB's regular expression (PCRE, with options i m s u x) into JavaScript's; throws BadValue for what has no equal. */
export function toRegExp(pattern: unknown, options?: unknown): RegExp {
  const parts =
    typeof pattern === 'object' && pattern !== null ? regexParts(pattern) : { pattern: String(pattern), flags: '' }
  let source = parts.pattern
  let flags = options === undefined ? parts.flags : asText(options)
  const bad = /[^imsxu]/.exec(flags.replace('g', ''))
  if (bad !== null) fail(51108, `invalid flag in regex options: ${bad[0]}`)
  const inline = /^\(\?([imsx]+)\)/.exec(source)
  if (inline?.[1] !== undefined) {
    flags += inline[1]
    source = source.slice(inline[0].length)
  }
  if (flags.includes('x'))
    source = source.replace(/\\.|\[(?:\\.|[^\]])*\]|#.*$|\s+/gm, (part) => (/^(\s|#)/.test(part) ? '' : part))
  try {
    return new RegExp(source, [...new Set(flags.replace(/[xg]/g, ''))].join(''))
  } catch (cause) {
    return fail(51091, `Regular expression is invalid: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}
