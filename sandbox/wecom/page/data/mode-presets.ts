import type { Mode, ModeWish } from './control.ts'
import type { WordKey } from './words.ts'

interface Preset {
  id: string
  title: WordKey
  hint: WordKey
  mode: ModeWish
}

/** How callbacks can travel; one at a time, `normal` first. */
export const modePresets: readonly Preset[] = [
  { id: 'normal', title: 'modeNormal', hint: 'modeNormalHint', mode: {} },
  { id: 'lost', title: 'modeLost', hint: 'modeLostHint', mode: { dropPercent: 100 } },
  { id: 'half', title: 'modeHalf', hint: 'modeHalfHint', mode: { dropPercent: 50 } },
  { id: 'twice', title: 'modeTwice', hint: 'modeTwiceHint', mode: { repeat: 2 } },
  { id: 'late', title: 'modeLate', hint: 'modeLateHint', mode: { delayMs: 10_000 } },
  { id: 'shuffled', title: 'modeShuffled', hint: 'modeShuffledHint', mode: { shuffle: 3 } },
  { id: 'held', title: 'modeHeld', hint: 'modeHeldHint', mode: { hold: true } },
]

const bare: Required<Pick<Mode, 'repeat' | 'delayMs' | 'lateMs' | 'shuffle' | 'hold' | 'dropPercent' | 'dropNext'>> = {
  repeat: 1,
  delayMs: 0,
  lateMs: 0,
  shuffle: 0,
  hold: false,
  dropPercent: 0,
  dropNext: 0,
}

/** The preset a mode is; undefined for one that was set over the API with more. */
export function presetOf(mode: Mode): string | undefined {
  if (mode.dropEvents.length > 0 || mode.bend.length > 0) return undefined
  const keys = ['repeat', 'delayMs', 'lateMs', 'shuffle', 'hold', 'dropPercent', 'dropNext'] as const
  return modePresets.find((preset) => keys.every((key) => mode[key] === (preset.mode[key] ?? bare[key])))?.id
}
