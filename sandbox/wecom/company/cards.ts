import { letters } from '../ids.ts'
import type { World } from '../world.ts'

const LIFE_MS = 72 * 3_600_000

/** A code with which the card of a message may be updated, once within 72 hours. */
export function issueResponseCode(world: World, msgid: string): string {
  const code = letters(43)
  world.store.responseCodes.set(code, { msgid, at: world.clock.now(), used: false })
  return code
}

/** The message whose card a code may update; undefined when it is unknown, used or too old. */
export function messageOfCode(world: World, code: string): string | undefined {
  const row = world.store.responseCodes.get(code)
  return row && !row.used && world.clock.now() - row.at <= LIFE_MS ? row.msgid : undefined
}

/** Uses a code up. */
export function useCode(world: World, code: string): void {
  const row = world.store.responseCodes.get(code)
  if (row) world.store.responseCodes.set(code, { ...row, used: true })
}
