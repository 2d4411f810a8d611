import type { Identity } from './identity.ts'

/** When whoever had these identities was erased; those of nobody erased are left out. */
export type Erased = (keys: readonly string[]) => Promise<ReadonlyMap<string, Date>>
export const nobodyErased: Erased = async () => new Map()

/** Stands for somebody who was erased: what is told of them is dropped. */
export const erasedId = 'cus_erased'

const newest = (times: readonly Date[]): Date | null =>
  times.length === 0 ? null : new Date(Math.max(...times.map((at) => at.getTime())))

/** When what a group of identities is named for happened; null where nobody says. */
export const toldAt = (identities: readonly Identity[]): Date | null => newest(identities.flatMap(({ at }) => at ?? []))

/** When they met somebody by their own doing; a hand-over that was still under way in WeCom at an erasure is none of it. */
export const metAt = (identities: readonly Identity[]): Date | null =>
  newest(identities.flatMap((one) => one.metAt ?? one.at ?? []))

/** Whether something is told of a time before somebody was erased. */
export const isOld = (at: Date | null, erasedAt: Date | undefined): boolean =>
  erasedAt !== undefined && (at === null || at <= erasedAt)
