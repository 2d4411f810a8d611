/** errcodes of a hand-over (errors.md, Transfer). */
export const codes = {
  notLeft: 40097,
  running: [40100, 40129],
  twiceIn90Days: 40128,
  notFollowing: [40131, 84061, 40096],
  dayUsed: 45009,
} as const

/** No other member could take these either: too often lately, or no customer of the old member any more. */
const hopeless: ReadonlySet<string> = new Set(
  [codes.twiceIn90Days, ...codes.notFollowing, 90501, 90504, 90508].map(String),
)

export const hopelessReasons = [...hopeless]
export const isRunning = (errcode: number): boolean => codes.running.some((code) => code === errcode)
