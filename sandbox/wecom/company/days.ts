export const DAY_MS = 86_400_000
const CHINA_MS = 8 * 3_600_000

/** The day in China's time, as YYYY-MM-DD; `ms` is epoch ms. */
export function dayOf(ms: number): string {
  return new Date(ms + CHINA_MS).toISOString().slice(0, 10)
}

/** 0:00 of the day in China, epoch ms. */
export function startOfDay(ms: number): number {
  return Math.floor((ms + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS
}

/** 0:00 of the next day in China, epoch ms. */
export function endOfDay(ms: number): number {
  return startOfDay(ms) + DAY_MS
}
