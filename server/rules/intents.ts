import { because } from '@zhiyin/shared/because'
import type { SendStep } from '@zhiyin/shared/rule'
import { varsOf } from '../content/read.ts'
import type { WantInput } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Names, Render } from './types.ts'

const hourMs = 3_600_000

/** What of a rule and run a send is made from. */
export type Sending = {
  readonly ruleId: string
  readonly rule: string
  readonly runId: string
  readonly quietHours: { from: string; to: string } | null
  /** The rep who brought the customer in, where known. */
  readonly userid: string | null
}

/** The rep who sends: the one who brought them in while still following, else the one added last. */
export const senderOf = (view: CustomerView, userid: string | null): string | null => {
  const following = view.follows.filter(({ state }) => state === 'following')
  return (following.find((follow) => follow.userid === userid) ?? following[0])?.userid ?? null
}

type Deps = { render: Render; names: Names }

/** Makes the intent of a send step: the tier's variant with the customer's own words. What cannot go says why. */
export const createIntentOf =
  ({ render, names }: Deps) =>
  async (step: SendStep, sending: Sending, view: CustomerView, now: Date): Promise<WantInput> => {
    const userid = senderOf(view, sending.userid)
    const rep = userid === null ? null : ((await names([userid])).get(userid) ?? null)
    const body = await render(step.contentId, view.tier.tier, varsOf(view, rep, now))
    const noRep = userid === null && step.channel !== 'robot'
    const refusal =
      body === null ? because('block.no_variant', { tier: view.tier.tier }) : noRep ? because('block.no_rep') : null
    return {
      key: `${sending.runId}:${step.id}`,
      channel: step.channel,
      customerId: view.id,
      externalUserId: view.externalUserId,
      groupId: step.channel === 'robot' ? (step.groupId ?? null) : null,
      userid,
      body,
      cause: { ruleId: sending.ruleId, rule: sending.rule, runId: sending.runId, stepId: step.id },
      quietHours: sending.quietHours,
      expiresAt: new Date(now.getTime() + step.expireHours * hourMs),
      refusal,
    }
  }

export type IntentOf = ReturnType<typeof createIntentOf>
