import type { Asking, WantInput } from '../outbox/read.ts'

/** A send that nobody wants yet, as the permit is asked about it. */
export const askingOf = (_id: string, intent: WantInput): Asking => ({
  _id,
  channel: intent.channel,
  customerId: intent.customerId ?? null,
  externalUserId: intent.externalUserId ?? null,
  groupId: intent.groupId ?? null,
  chatId: intent.chatId ?? null,
  userid: intent.userid ?? null,
  // There will be a code when there is an add.
  code: 'dry',
  refusal: intent.refusal ?? null,
  quietHours: intent.quietHours ?? null,
  expiresAt: intent.expiresAt,
  ...(intent.priority === undefined ? {} : { priority: intent.priority }),
  ...(intent.expectedValue === undefined ? {} : { expectedValue: intent.expectedValue }),
  ...(intent.onLoss === undefined ? {} : { onLoss: intent.onLoss }),
  ...(intent.days === undefined ? {} : { days: intent.days }),
  cause: { ruleId: null, rule: null, runId: null, stepId: null, pushId: null, ...intent.cause },
})
