import { because, type Because } from '@zhiyin/shared/because'
import { wordsOf, type Attachment } from '@zhiyin/shared/content'
import { hasCoupon, varsOf, whoOf } from '../content/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { SendItem, SendsRead } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { RuleStore } from './rules.ts'
import { senderOf } from './intents.ts'
import type { Evaluate, Names, Render } from './types.ts'

/** A text ready to send, with the reason. */
export type Suggested = {
  id: string
  text: string
  attachments: Attachment[]
  contentId?: string
  intentId?: string
  because: Because[]
}

const maxSuggestions = 3

type Deps = {
  clock: Clock
  store: RuleStore
  evaluate: Evaluate
  render: Render
  names: Names
  waitingFor: SendsRead['waitingFor']
  welcomeByHand: (customerId: string) => Promise<SendItem | null>
  /** Those of these runs whose customer has reached the goal or left before the end. */
  overBefore: (runIds: readonly string[]) => Promise<ReadonlySet<string>>
}

/** What to say to a customer now: texts that wait for the rep, then what rules that are on have for the customer's tier. */
export const createSuggest =
  ({ clock, store, evaluate, render, names, waitingFor, welcomeByHand, overBefore }: Deps) =>
  async (view: CustomerView): Promise<Suggested[]> => {
    const { tier } = view.tier
    const [found, lost] = await Promise.all([waitingFor(view.id), welcomeByHand(view.id)])
    const greeting = lost?.body
      ? [
          {
            id: `intent:${lost.id}`,
            text: lost.body.text,
            attachments: lost.body.attachments,
            intentId: lost.id,
            because: [because('block.welcome_by_hand')],
          },
        ]
      : []
    const over = await overBefore(found.flatMap(({ cause }) => cause.runId ?? []))
    const waiting = found.flatMap(({ id, body, cause, because: reasons }): Suggested[] =>
      body === null || (cause.runId !== null && over.has(cause.runId))
        ? []
        : [
            {
              id: `intent:${id}`,
              text: body.text,
              attachments: body.attachments,
              intentId: id,
              because: cause.rule === null ? reasons : [because('suggest.rule', { rule: cause.rule, tier })],
            },
          ],
    )
    const ready = [...greeting, ...waiting]
    const said = new Set(ready.map(wordsOf))
    const now = clock.date()
    const userid = senderOf(view, null)
    const rep = userid === null ? null : ((await names([userid])).get(userid) ?? null)
    const suggested: Suggested[] = [...ready]
    for (const rule of await store.on()) {
      if (suggested.length >= maxSuggestions) break
      const { trigger } = rule
      if (trigger.type === 'stage.entered' && !trigger.stages.includes(view.stage.stage)) continue
      if (trigger.type === 'customer.added' && view.stage.stage !== 'new') continue
      const step = rule.steps.find(
        (each) => each.type === 'send' && (each.channel === 'mass' || each.channel === 'welcome'),
      )
      if (step?.type !== 'send' || !evaluate(rule.condition, view, now).met) continue
      const body = (await render(step.contentId, whoOf(view), varsOf(view, rep, now)))?.body
      // A code is taken when a message is sent, not when it is looked at.
      if (body === undefined || said.has(wordsOf(body)) || hasCoupon(body)) continue
      said.add(wordsOf(body))
      suggested.push({
        id: `rule:${rule._id}`,
        text: body.text,
        attachments: body.attachments,
        contentId: step.contentId,
        because: [because('suggest.rule', { rule: rule.name, tier })],
      })
    }
    return suggested
  }
