import { system as endpoints, type InboxItem } from '@zhiyin/shared/api/system'
import { replayCallbackCommand } from '../commands/replay-callback.ts'
import type { InboxRead, InboxView } from '../inbox/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof replayCallbackCommand>[0] & { inboxRead: InboxRead }

const present = ({ receivedAt, createTime, fields, handlers, ...rest }: InboxView): InboxItem => ({
  ...rest,
  fields: { ...fields },
  handlers: [...handlers],
  receivedAt: receivedAt.toISOString(),
  createTime: createTime?.toISOString() ?? null,
})

export const inboxApi = ({ inboxRead, ...deps }: Deps): Bound[] => {
  const replay = replayCallbackCommand(deps)
  return [
    bind(endpoints.inboxHealth, async () => {
      const { lastAt, byEvent, ...counts } = await inboxRead.health()
      return { ...counts, lastAt: lastAt?.toISOString() ?? null, byEvent: [...byEvent] }
    }),
    bind(endpoints.inbox, async ({ query }) => {
      const { items, next } = await inboxRead.list(query)
      return { items: items.map(present), next }
    }),
    bind(endpoints.replay, async ({ actor, params }) => {
      await replay(actor, params.id)
      return { ok: true as const }
    }),
  ]
}
