import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Lines of a text file, packed or not, without those that are empty. */
export const linesIn = (path: string): string[] => {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

/** Cells of one line; quotes are understood, line breaks in them are not (no set has any). */
export const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
  )

/** “12.345” in hundredths, half away from zero, without floating point. */
export const cents = (text: string): number => {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const up = (fraction[2] ?? '0') >= '5' ? 1 : 0
  return (text.startsWith('-') ? -1 : 1) * (Number(whole + fraction.padEnd(2, '0').slice(0, 2)) + up)
}

/** Hundredths as a text with two decimals. */
export const decimal = (amount: number): string =>
  `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`

/** Numbers below `n`, the same for the same seed. */
export const numbersFrom = (seed: number): ((n: number) => number) => {
  let at = seed
  return (n) => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((at / 4_294_967_296) * n)
  }
}

export const shuffled = <T>(all: readonly T[], below: (n: number) => number): T[] => {
  const out = [...all]
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = below(i + 1)
    const [a, b] = [out[i], out[j]]
    if (a !== undefined && b !== undefined) [out[i], out[j]] = [b, a]
  }
  return out
}
