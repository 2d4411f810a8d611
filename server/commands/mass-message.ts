import { because } from '@zhiyin/shared/because'
import type { Audit } from '../audit/audit.ts'
import type { OpenMessages, Outbox } from '../outbox/read.ts'
import { nameOf, scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { AppError, forbidden, notFound } from '../platform/errors.ts'

type Deps = {
  messages: Pick<OpenMessages, 'find'>
  remind: (msgid: string) => Promise<void>
  withdraw: Outbox['withdraw']
  audit: Audit
}

/** A manager reminds the sender of one mass message, or takes it back before it is confirmed. */
export const massMessageCommands = ({ messages, remind, withdraw, audit }: Deps) => {
  const seen = async (actor: SignedIn, id: string) => {
    const message = await messages.find(id)
    if (message === null) throw notFound('mass message', id)
    if (!within(scopeOf(actor), message.sender)) throw forbidden('admin')
    return message
  }
  return {
    remind: async (actor: SignedIn, id: string): Promise<void> => {
      await seen(actor, id)
      await remind(id)
      await audit.record({ actor, act: 'mass.remind', subject: `message:${id}`, detail: {} })
    },
    cancel: async (actor: SignedIn, id: string): Promise<void> => {
      const { confirmedAt, end } = await seen(actor, id)
      if (confirmedAt !== undefined || end !== undefined) throw new AppError('mass.not_waiting', { status: 409 })
      await withdraw({ msgid: id }, because('block.message_cancelled', { by: nameOf(actor) }))
      await audit.record({ actor, act: 'mass.cancel', subject: `message:${id}`, detail: {} })
    },
  }
}
