import type { TransferAsk } from '@zhiyin/shared/api/transfers'
import type { Audit } from '../audit/audit.ts'
import { nameOf, scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { forbidden } from '../platform/errors.ts'
import type { TransfersRead } from '../transfers/read.ts'
import type { Transfers } from '../transfers/transfers.ts'

type Deps = {
  transfers: Pick<Transfers, 'start' | 'retry'> & { leavers: Pick<Transfers['leavers'], 'check'> }
  transfersRead: Pick<TransfersRead, 'get'>
  audit: Audit
}

/** A manager hands customers and groups over, of members whose work they may see. */
export const handOverCommands = ({ transfers, transfersRead, audit }: Deps) => ({
  async start(actor: SignedIn, ask: TransferAsk): Promise<string> {
    if (!within(scopeOf(actor), ask.from)) throw forbidden('admin')
    const id = await transfers.start(ask, nameOf(actor))
    const count = (list: 'all' | readonly string[]): string | number => (list === 'all' ? list : list.length)
    await audit.record({
      actor,
      act: 'transfer.start',
      subject: `transfer:${id}`,
      detail: {
        from: ask.from,
        to: ask.takeovers.map(({ userid }) => userid),
        customers: count(ask.customers),
        groups: count(ask.groups),
      },
    })
    return id
  },
  async retry(actor: SignedIn, id: string, to: string, itemIds: readonly string[] | null): Promise<number> {
    const { from } = await transfersRead.get(id)
    if (!within(scopeOf(actor), from)) throw forbidden('admin')
    const retried = await transfers.retry(id, to, itemIds)
    await audit.record({ actor, act: 'transfer.retry', subject: `transfer:${id}`, detail: { to, retried } })
    return retried
  },
  async check(actor: SignedIn): Promise<void> {
    await transfers.leavers.check()
    await audit.record({ actor, act: 'transfer.check', subject: 'transfer:leavers', detail: {} })
  },
})
