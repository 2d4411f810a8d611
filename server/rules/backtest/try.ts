import type { Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { RuleInput } from '@zhiyin/shared/rule'
import type { Scope } from '../../platform/actor.ts'
import { heldIn } from '../../platform/actor.ts'
import { AppError, notFound } from '../../platform/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import { replayFrom, type CustomerView, type WholeCustomer } from '../../profile/read.ts'
import { skipOf, treatmentOf, type Enter } from '../enter.ts'
import type { RuleStore } from '../rules.ts'
import { addedToday, todayCondition, todayReasons } from '../walk.ts'
import { ruleOf } from '../rule-of.ts'
import { createVirtualOf, sendsByHand, type ReplayingDeps } from './replaying.ts'
import type { Line } from './way.ts'

const dayMs = 86_400_000
/** Longer than any rule leads somebody. */
const aheadMs = 400 * dayMs
/** What was sent longer ago counts for no cap. */
const countedMs = 32 * dayMs

export type TryDeps = ReplayingDeps & {
  clock: Clock
  store: Pick<RuleStore, 'on'>
  enter: Pick<Enter, 'keepingOut'>
  whole: (id: string) => Promise<WholeCustomer | null>
  /** What was sent to a customer, and what they answered, since a moment; in no order. */
  sentTo: (customerId: string, since: Date) => Promise<readonly Fact[]>
}

export type Tried = { at: Date; view: CustomerView; met: boolean; because: Because[]; lines: readonly Line[] }

/**
 * Leads one customer through a rule from now on, as if they came in and then did nothing: time passes, the permit decides at each moment.
 * Says apart whether they would come in today. Throws not_found, policy.not_your_customer.
 */
export const createTry = (deps: TryDeps) => {
  const { clock, zone, evaluate, store, enter } = deps
  const virtualOf = createVirtualOf({ ...deps, globalHoldout: async () => () => false })

  return async (input: RuleInput, id: string, customerId: string, scope: Scope): Promise<Tried> => {
    const doc = await deps.whole(customerId)
    if (doc === null) throw notFound('customer', customerId)
    if (!heldIn(scope, doc)) throw new AppError('policy.not_your_customer', { status: 403 })
    const at = clock.date()
    const replay = replayFrom(doc, await deps.definitions())
    replay.pass(at)
    const view = replay.view()

    const answer = evaluate(todayCondition(input.trigger, input.condition), view, at)
    const came = addedToday(input.trigger, view, at, zone)
    const out = await enter.keepingOut({ _id: id, limits: input.limits }, [view.id])
    const skip = skipOf(input, out.get(view.id))
    const alone = treatmentOf(id, input, view.id, await deps.globalHoldout()).because
    const met = answer.met && came && skip === null && alone === null
    const because = [skip, alone, ...todayReasons(input.trigger, view), ...answer.because].flatMap((one) => one ?? [])

    // Nobody is left alone here, and nothing keeps them out: what the steps would do is what was asked.
    const rule = ruleOf(id, { ...input, limits: { ...input.limits, holdoutPercent: 0 } }, at)
    const receivers = view.externalUserId === null ? [] : [view.externalUserId]
    const virtual = await virtualOf(rule, await store.on(), receivers, at)
    const sent = [...(await deps.sentTo(view.id, new Date(at.getTime() - countedMs)))].sort(
      (a, b) => a.at.getTime() - b.at.getTime(),
    )
    const { lines } = await virtual(replay, sent, {
      from: at,
      to: new Date(at.getTime() + aheadMs),
      occurrences: [],
      broadcasts: await deps.broadcastsOf(sendsByHand(sent)),
      entry: because,
    })
    // They may come in again by what time brings; that is another way. What its sends come to is this one's.
    const again = lines.findIndex(({ kind }, place) => place > 0 && kind === 'entered')
    const first = again === -1 ? lines : lines.slice(0, again)
    return { at, view, met, because, lines: first.filter(({ kind }) => kind !== 'kept') }
  }
}
