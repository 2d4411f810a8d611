import type { BacktestInput } from '@zhiyin/shared/backtest'
import type { Audit } from '../audit/audit.ts'
import { scopeOf, writerOf, type SignedIn } from '../platform/actor.ts'
import type { Rules } from '../rules/room.ts'

type Deps = { rules: Pick<Rules, 'backtests'>; audit: Audit }
type Stored = Awaited<ReturnType<Rules['backtests']['get']>>

/** A manager has a rule tried on the past, of those customers they may see; or stops that. */
export const runBacktest = ({ rules, audit }: Deps) => ({
  async begin(actor: SignedIn, input: BacktestInput): Promise<Stored> {
    const doc = await rules.backtests.begin(input, scopeOf(actor), writerOf(actor))
    const detail = { rule: input.id ?? null, name: input.rule.name, days: input.days, sample: input.sample }
    await audit.record({ actor, act: 'backtest.begin', subject: `backtest:${doc._id}`, detail })
    return doc
  },
  async cancel(actor: SignedIn, id: string): Promise<Stored> {
    const doc = await rules.backtests.cancel(id)
    await audit.record({ actor, act: 'backtest.cancel', subject: `backtest:${id}`, detail: { state: doc.state } })
    return doc
  },
})
