import type { World } from '../world.ts'
import { dayOf } from './days.ts'

/**
 * What is counted per day, because the rows it came from may be gone later. Of a member: `added` new contacts, `applied` friend requests of
 * his own, `lost` customers who deleted him. Of a group owner: `groups` made, `joined` people who joined. Of an acquisition link: `clicks`,
 * `came` new customers.
 */
type Counted = 'added' | 'applied' | 'lost' | 'groups' | 'joined' | 'clicks' | 'came'

const key = (day: string, what: Counted, of: string): string => `${day}|${what}|${of}`

/** One more today. */
export function countToday(world: World, what: Counted, of: string): void {
  const id = key(dayOf(world.clock.now()), what, of)
  world.store.daily.set(id, (world.store.daily.get(id) ?? 0) + 1)
}

/** How many on the day that holds `at` (epoch ms). */
export function countOn(world: World, at: number, what: Counted, of: string): number {
  return world.store.daily.get(key(dayOf(at), what, of)) ?? 0
}
