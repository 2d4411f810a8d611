import type { Fact } from '@zhiyin/shared/fact'
import type { CustomerView } from '../../profile/view.ts'
import { isKnown, newest, tellsOf } from '../holds.ts'
import type { HoldDoc } from '../holds.model.ts'
import { addedKey } from '../triggers.ts'

type Held = Omit<HoldDoc, '_id' | 'greeter' | 'rev'>

/** The holds of one customer as `createHolds` keeps them, in memory. */
export const createVirtualHolds = () => {
  const holds = new Map<string, Held>()
  return {
    /** Which hold an add began, and whether the customer was known before. */
    of({ customerId, at, payload }: Fact<'contact.added'>, view: CustomerView): { key: string; returning: boolean } {
      const { userid } = payload
      const half = payload.half ?? false
      const side = half ? 'half' : 'full'
      const add = { customerId, userid, at, half }
      const had = holds.get(userid)
      if (had !== undefined && tellsOf(had, add)) {
        if (had[side] === null) holds.set(userid, { ...had, [side]: at })
        return had
      }
      const key = addedKey(customerId, userid, at)
      const returning = isKnown(view, { userid, at })
      if (had !== undefined && newest(had) > at.getTime()) return { key, returning }
      const made = { key, half: null, full: null, [side]: at, endedAt: null, returning: returning || had !== undefined }
      holds.set(userid, made)
      return made
    },
    end(userid: string, at: Date): void {
      const had = holds.get(userid)
      if (had !== undefined && (had.endedAt === null || had.endedAt < at)) holds.set(userid, { ...had, endedAt: at })
    },
  }
}
