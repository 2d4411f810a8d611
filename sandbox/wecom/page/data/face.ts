const HUES = ['#3f6fb5', '#7a5ab8', '#a34f7c', '#a3553a', '#7d6a1f', '#4a7a3a', '#2f7a76', '#55617a'] as const

/** Chinese names are called by their last character, others by their first letter. */
export function initialOf(name: string): string {
  const chars = [...name.trim()]
  const last = chars.at(-1) ?? '?'
  return /\p{Script=Han}/u.test(last) && chars.length <= 4 ? last : (chars[0] ?? '?').toUpperCase()
}

/** The colour of somebody's picture, always the same for the same id. */
export function colourOf(seed: string): string {
  let sum = 0
  for (const char of seed) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9_973
  return HUES[sum % HUES.length] ?? HUES[0]
}
