import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import type { ItemDoc } from './transfers.model.ts'

type Deps = {
  /** Our hand-over of this customer to this member near a moment; null when it is none of ours. */
  find: (externalUserId: string, to: string, at: Date) => Promise<ItemDoc | null>
  fail: (item: ItemDoc, state: 'refused' | 'full', reason: string) => Promise<void>
  /** A hand-over that somebody made in WeCom's admin console has failed. */
  failedElsewhere: (failed: {
    externalUserId: string
    to: string
    reason: string
    key: string
    at: Date
  }) => Promise<void>
  leaversSoon: () => Promise<void>
}

/** A hand-over that failed ends at once, and does not wait for its poll; a member who has left is looked at. */
export const transferHandlers = ({ find, fail, failedElsewhere, leaversSoon }: Deps): EventHandlers =>
  handlersOf((on) => {
    on('change_external_contact.transfer_fail', {
      name: 'transfers',
      lane: 'soon',
      run: async ({ key, fields: { userid, externalUserId, failReason }, createTime }) => {
        const item = await find(externalUserId, userid, createTime)
        if (item === null)
          return failedElsewhere({ externalUserId, to: userid, reason: failReason, key, at: createTime })
        if (item.open === undefined) return undefined
        return fail(item, failReason === 'customer_limit_exceed' ? 'full' : 'refused', failReason)
      },
    })
    on('change_contact.delete_user', { name: 'transfers', lane: 'soon', run: leaversSoon })
  })
