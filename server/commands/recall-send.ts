import type { Audit } from '../audit/audit.ts'
import { previewOf, type SendsRead, type WantInput } from '../outbox/read.ts'
import { scopeOf, within, type SignedIn } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, forbidden, notFound } from '../platform/errors.ts'

/** WeCom takes a message back for so long (apis.md §18). */
const recallMs = 24 * 3_600_000

type Deps = {
  sendsRead: Pick<SendsRead, 'get'>
  wantMany: (inputs: readonly WantInput[]) => Promise<unknown>
  clock: Pick<Clock, 'now'>
  audit: Audit
}

/** A manager takes back what the app told members: every message WeCom made of it. Throws not_found, send.recall. */
export const recallSend =
  ({ sendsRead, wantMany, clock, audit }: Deps) =>
  async (actor: SignedIn, id: string): Promise<void> => {
    const send = await sendsRead.get(id)
    if (send === null) throw notFound('send', id)
    if (!within(scopeOf(actor), send.userid)) throw forbidden('manager')
    const { answers = [], settledAt, userid, userids } = send
    const until = (settledAt?.getTime() ?? 0) + recallMs
    const said = answers.filter(({ msgid }) => msgid !== '')
    if (send.channel !== 'app' || said.length === 0 || clock.now() >= until)
      throw new AppError('send.recall', { status: 409 })
    await wantMany(
      said.map(({ msgid }) => ({
        key: `recall:${msgid}`,
        channel: 'app',
        userid,
        ...(userids === undefined ? {} : { userids }),
        app: { kind: 'recall', msgid },
        body: { text: `撤回：${previewOf(send.body)}`, attachments: [] },
        expiresAt: new Date(until),
      })),
    )
    await audit.record({ actor, act: 'send.recall', subject: `send:${id}`, detail: { messages: said.length } })
  }
