import { because } from '@zhiyin/shared/because'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Rules } from '../rules/room.ts'
import { ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Deps = { rules: Pick<Rules, 'store' | 'byHand'>; audit: Audit; newId: NewId; read: OnCustomerDeps['read'] }
type Result = Awaited<ReturnType<Rules['byHand']>>

/**
 * A person, or another system, puts customers they may work with into a rule that is on. Reps may do so where the rule begins by hand.
 * Throws rule.not_by_hand, rule.state, not_found, policy.not_your_customer.
 */
export const enterRule =
  ({ rules, audit, newId, read }: Deps) =>
  async (actor: SignedIn, ruleId: string, customerIds: readonly string[]): Promise<Result> => {
    const { name, trigger } = await rules.store.live(ruleId)
    const isRep = actor.kind === 'member' && actor.role === 'rep'
    if (isRep && trigger.type !== 'manual') throw new AppError('rule.not_by_hand', { status: 403, params: { name } })
    for (const id of customerIds) await ownCustomer(read, actor, id)
    const userid = actor.kind === 'member' ? actor.userid : null
    const deed = { key: `hand:${newId('fact')}`, because: because('rule.manual', { by: nameOf(actor) }), userid }
    const result = await rules.byHand(ruleId, customerIds, deed)
    const detail = { name, asked: customerIds.length, entered: result.entered }
    await audit.record({ actor, act: 'rule.enter', subject: `rule:${ruleId}`, detail })
    return result
  }
