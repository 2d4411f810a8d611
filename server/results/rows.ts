import { because } from '@zhiyin/shared/because'
import type { Delivered, Deliveries, OpenMessage } from '../outbox/read.ts'
import type { GroupMessageResult, WecomRead } from '../wecom/types.ts'

type End = Exclude<GroupMessageResult['status'], 'not_sent'>
const ends: Readonly<
  Record<End, { delivery: Delivered['delivery']; code: 'send.delivered' | 'send.not_friend' | 'send.quota_used' }>
> = {
  sent: { delivery: 'delivered', code: 'send.delivered' },
  not_friend: { delivery: 'not_friend', code: 'send.not_friend' },
  quota_used: { delivery: 'quota_used', code: 'send.quota_used' },
}
const endings = ['sent', 'not_friend', 'quota_used'] as const satisfies End[]

type Deps = { read: Pick<WecomRead, 'groupMessageResults'>; deliveries: Pick<Deliveries, 'settle'> }

/** Writes every end that stands in WeCom's list of a confirmed message. */
export const createRows =
  ({ read, deliveries }: Deps) =>
  async (message: OpenMessage, rep: string): Promise<void> => {
    const rows = await read.groupMessageResults(message.id, message.sender)
    for (const status of endings) {
      const ended = rows.filter((row) => row.status === status)
      const receivers = ended.flatMap((row) => row.externalUserId ?? row.chatId ?? [])
      const { delivery, code } = ends[status]
      const at = ended.find(({ sentAt }) => sentAt !== undefined)?.sentAt ?? message.confirmedAt
      if (receivers.length > 0)
        await deliveries.settle({
          msgid: message.id,
          delivery,
          receivers,
          because: because(code, { rep }),
          ...(at === undefined ? {} : { at }),
        })
    }
  }
