import { createAdminClient, type AdminCall } from '../wecom/admin/client.ts'
import { admin } from '../wecom/admin/api.ts'

/** A step that was cut short may have gone so far. */
const aStepMs = 60 * 3_600_000

/** The people in front of WeCom, over the stand-in's admin API. */
export type Wecom = {
  readonly call: AdminCall
  now(): Promise<number>
  /** Moves the clock on, never back; null is the real time. */
  goTo(at: number | null): Promise<void>
  /** Where a history begins or goes on: back from the real time, but never back from a little later. */
  goBackTo(at: number): Promise<void>
}

export const connectWecom = (url: string): Wecom => {
  const call = createAdminClient(url)
  const set = async (at: number | null): Promise<void> => void (await call(admin.clock.set, { body: { now: at } }))
  const now = async (): Promise<number> => (await call(admin.clock.follow)).now
  return {
    call,
    now,
    async goTo(at) {
      if (at === null || (await now()) < at) await set(at)
    },
    async goBackTo(at) {
      const ahead = (await now()) - at
      if (ahead < 0 || ahead > aStepMs) await set(at)
    },
  }
}
