import type { Audit } from '../audit/audit.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { inbox: Pick<Inbox, 'replay'>; audit: Audit }

/** An admin runs the handlers of one callback again. */
export const replayCallbackCommand =
  ({ inbox, audit }: Deps) =>
  async (actor: SignedIn, id: string): Promise<void> => {
    const { event } = await inbox.replay(id)
    await audit.record({ actor, act: 'inbox.replay', subject: `callback:${id}`, detail: { event } })
  }
