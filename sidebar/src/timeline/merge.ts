import type { TimelineItem } from '@zhiyin/shared/customer'

export type Loaded = { items: readonly TimelineItem[]; next: string | null }

/**
 * The newest page put before what was paged in earlier. Facts may arrive late with an older time, so the page replaces
 * everything in its own span; when it no longer touches what was loaded, the older pages are dropped and paging starts anew.
 */
export const mergePage = (old: Loaded, page: { items: TimelineItem[]; next: string | null }): Loaded => {
  const fresh = new Set(page.items.map((item) => item.id))
  const touches = old.items.some((item) => fresh.has(item.id))
  if (!touches || page.next === null) return { items: page.items, next: page.next }
  const last = page.items.at(-1)
  const at = old.items.findIndex((item) => item.id === last?.id)
  const older = at < 0 ? [] : old.items.slice(at + 1).filter((item) => !fresh.has(item.id))
  return older.length === 0
    ? { items: page.items, next: page.next }
    : { items: [...page.items, ...older], next: old.next }
}

/** A further, older page put behind. */
export const appendPage = (old: Loaded, page: { items: TimelineItem[]; next: string | null }): Loaded => {
  const known = new Set(old.items.map((item) => item.id))
  return { items: [...old.items, ...page.items.filter((item) => !known.has(item.id))], next: page.next }
}
