const DAY_MS = 86_400_000

/** Where a list of witnesses begins, in the sandbox's time; the clock may have been moved a month in between. */
export const lookBack = {
  day: (offset: number) => Math.max(0, Date.now() + offset - DAY_MS),
  month: (offset: number) => Math.max(0, Date.now() + offset - 62 * DAY_MS),
}
