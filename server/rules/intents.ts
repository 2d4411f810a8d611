import { because } from '@zhiyin/shared/because'
import type { RuleLimits, SendStep } from '@zhiyin/shared/rule'
import { varsOf, whoOf } from '../content/read.ts'
import { chooseSender, type WantInput } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { LastTalk, Names, Render } from './types.ts'
import type { Worth } from './worth.ts'

const hourMs = 3_600_000

/** What of a rule and run a send is made from. */
export type Sending = {
  readonly ruleId: string
  readonly rule: string
  readonly runId: string
  readonly limits: RuleLimits
  /** The rep who brought the customer in, where known. */
  readonly userid: string | null
}

/** The rep who sends: the one who brought them in while still following, else the one added last. */
export const senderOf = (view: CustomerView, userid: string | null): string | null => {
  const following = view.follows.filter(({ state }) => state === 'following')
  return (following.find((follow) => follow.userid === userid) ?? following[0])?.userid ?? null
}

const nobody = { userid: null, other: null, because: null }

type Deps = { render: Render; names: Names; lastTalk: LastTalk; worth: Worth }

/** Makes the intent of a send step: the tier's variant with the customer's own words. What cannot go says why. */
export const createIntentOf = ({ render, names, lastTalk, worth }: Deps) => {
  const chosenFor = async (step: SendStep, { userid: brought }: Sending, view: CustomerView) => {
    const following = view.follows.filter(({ state }) => state === 'following').map(({ userid }) => userid)
    if (step.channel !== 'mass') return { called: await names(following), ...nobody, userid: senderOf(view, brought) }
    const [called, talked] = await Promise.all([
      names(following),
      step.sender === 'last_talk' && following.length > 1 ? lastTalk(view.id) : null,
    ])
    const asked = { choice: step.sender ?? 'brought', brought, lastTalk: talked, names: called }
    return { called, ...(chooseSender(view, asked) ?? nobody) }
  }

  return async (step: SendStep, sending: Sending, view: CustomerView, now: Date): Promise<WantInput> => {
    const { userid, other, because: sender, called } = await chosenFor(step, sending, view)
    const saidBy = (rep: string | null) => {
      const vars = varsOf(view, rep === null ? null : (called.get(rep) ?? null), now)
      return render(step.contentId, whoOf(view), vars)
    }
    const said = await saidBy(userid)
    const body = said?.body ?? null
    const otherBody = other === null ? null : ((await saidBy(other))?.body ?? null)
    const noRep = userid === null && step.channel !== 'robot'
    const refusal =
      body === null ? because('block.no_variant', { tier: view.tier.tier }) : noRep ? because('block.no_rep') : null
    const fallback = {
      other: other === null || otherBody === null ? null : { userid: other, body: otherBody },
      choice: step.fallback ?? null,
    }
    return {
      key: `${sending.runId}:${step.id}`,
      channel: step.channel,
      contentId: step.contentId,
      ...(said === null ? {} : { variant: said.variant }),
      customerId: view.id,
      externalUserId: view.externalUserId,
      groupId: step.channel === 'robot' ? (step.groupId ?? null) : null,
      userid,
      body,
      cause: { ruleId: sending.ruleId, rule: sending.rule, runId: sending.runId, stepId: step.id },
      quietHours: sending.limits.quietHours,
      days: sending.limits.days,
      priority: sending.limits.priority,
      onLoss: sending.limits.onLoss,
      expectedValue: await worth(sending.ruleId, view),
      expiresAt: new Date(now.getTime() + step.expireHours * hourMs),
      sender,
      ...(step.channel === 'mass' ? { fallback } : {}),
      refusal,
    }
  }
}

export type IntentOf = ReturnType<typeof createIntentOf>
