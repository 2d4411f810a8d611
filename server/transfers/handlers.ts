import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import type { ItemDoc } from './transfers.model.ts'

type Deps = {
  /** The hand-over under way of this customer to this member, with what it belongs to; null when it is none of ours. */
  underWay: (externalUserId: string, to: string) => Promise<ItemDoc | null>
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
export const transferHandlers = ({ underWay, fail, failedElsewhere, leaversSoon }: Deps): EventHandlers =>
  handlersOf((on) => {
    on('change_external_contact.transfer_fail', {
      name: 'transfers',
      lane: 'soon',
      run: async ({ key, fields: { userid, externalUserId, failReason }, createTime }) => {
        const item = await underWay(externalUserId, userid)
        if (item === null)
          return failedElsewhere({ externalUserId, to: userid, reason: failReason, key, at: createTime })
        return fail(item, failReason === 'customer_limit_exceed' ? 'full' : 'refused', failReason)
      },
    })
    on('change_contact.delete_user', { name: 'transfers', lane: 'soon', run: leaversSoon })
  })
