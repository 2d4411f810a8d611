import type { Making } from '@zhiyin/shared/api/group-ways'
import { wecomOf } from '../wecom/types.ts'

/** An answer that has not come after this long was lost with the process that waited for it. */
const patienceMs = 60_000

/** What WeCom makes once and can neither list nor look up: written down before the call. */
export type Made = { readonly state: Making; readonly askedAt: Date }

/** Where it stands: one whose answer nobody waits for any more is unsure. */
export const standingOf = ({ state, askedAt }: Made, now: number): Making =>
  state === 'making' && now - askedAt.getTime() > patienceMs ? 'unsure' : state

/** The filter of what a person may decide upon. */
export const undecided = (now: number) => ({
  $or: [{ state: 'unsure' as const }, { state: 'making' as const, askedAt: { $lt: new Date(now - patienceMs) } }],
})

type Outcome<T> = {
  made(answer: T): Promise<unknown>
  /** The answer was lost; it must not be asked for again without a person's word. */
  unsure(): Promise<unknown>
  /** Certainly not made. */
  refused(): Promise<unknown>
}

/** Calls once and keeps what came of it. Rejects when WeCom certainly did not do it. */
export const makeOnce = async <T>(call: () => Promise<T>, outcome: Outcome<T>): Promise<void> => {
  try {
    await outcome.made(await call())
  } catch (error) {
    const told = wecomOf(error)
    if (told?.kind === 'ambiguous') return void (await outcome.unsure())
    // A fault of ours after the call leaves it as it stands: it becomes unsure by itself.
    if (told !== null) await outcome.refused()
    throw error
  }
}
