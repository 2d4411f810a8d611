import type { Register } from './register.ts'

/** Milliseconds of a day. */
export const dayMs = 86_400_000

export const earliest = (a: Date | null, b: Date): Date => (a === null || b < a ? b : a)
export const latest = (a: Date | null, b: Date): Date => (a === null || b > a ? b : a)

/** A 32-bit hash (FNV-1a) that stands for a fact where only distinct ones are counted. */
export const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}

/** A 52-bit hash, for what must not be taken for another one. */
export const wideHashOf = (text: string): number => (hashOf(text) >>> 0) * 2 ** 20 + (hashOf(`#${text}`) & 0xfffff)

/**
 * A set that keeps only its `most` smallest members. Which ones are kept does not depend on the order they came in, so a
 * bounded count stays exact up to its bound under any order and repetition.
 */
export const withMark = (marks: readonly number[], mark: number, most: number): readonly number[] =>
  marks.includes(mark) ? marks : [...marks, mark].sort((a, b) => a - b).slice(0, most)

/** Puts the newer of two values into a register; `rank` decides a tie, so that no order of arrival does. */
export const write = <V extends { readonly at: Date }>(
  register: Register<string, V>,
  key: string,
  value: V,
  rank: (value: V) => string,
): void => {
  const held = register.get(key)
  const later = held === undefined ? 1 : value.at.getTime() - held.at.getTime()
  if (later > 0 || (later === 0 && held !== undefined && rank(value) > rank(held))) register.set(key, value)
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Keeps at most `most` entries, chosen by the hash of their keys: no order of arrival matters. */
export const bounded = <V>(values: readonly V[], keyOf: (value: V) => string, most: number): readonly V[] => {
  if (values.length <= most) return values
  const byHash = values.toSorted((a, b) => hashOf(keyOf(a)) - hashOf(keyOf(b)) || byText(keyOf(a), keyOf(b)))
  const kept = new Set(byHash.slice(0, most))
  return values.filter((value) => kept.has(value))
}
