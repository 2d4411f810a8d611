import { wordsOf } from '@zhiyin/shared/content'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Metrics } from '../platform/metrics.ts'
import type { Mongo } from '../platform/mongo.ts'
import { cutSealed } from '../platform/vault.ts'
import { intentCollection, type HistoryEntry, type IntentDoc } from './intents.model.ts'

/** What of an intent the timeline shows. */
export type Telling = Pick<
  IntentDoc,
  '_id' | 'channel' | 'customerId' | 'body' | 'cause' | 'history' | 'state' | 'delivery'
>

/** Channels a customer can feel; the others leave no line in a timeline. */
const facing: ReadonlySet<string> = new Set(['welcome', 'mass'])
const told: ReadonlySet<string> = new Set([
  'sent',
  'blocked',
  'failed',
  'waiting',
  'delivered',
  'not_friend',
  'quota_used',
  'expired',
  'cancelled',
])

export const isTold = ({ channel, customerId }: Pick<IntentDoc, 'channel' | 'customerId'>): boolean =>
  customerId !== null && facing.has(channel)

export const previewOf = (body: IntentDoc['body']): string => (body === null ? '' : cutSealed(wordsOf(body), 80))

/** One line per state it reached; the id names intent and state, so telling twice stores once. */
const factsOf = (intent: Telling): NewFact[] => {
  const { _id: intentId, customerId, channel, body, cause } = intent
  if (customerId === null || !isTold(intent)) return []
  const line = ({ state, at, because }: HistoryEntry): NewFact => ({
    id: `send.changed:${intentId}:${state}`,
    customerId,
    type: 'send.changed',
    at,
    source: 'rule',
    payload: {
      intentId,
      channel,
      state,
      preview: previewOf(body),
      ...(cause.ruleId === null ? {} : { ruleId: cause.ruleId }),
      ...(cause.rule === null ? {} : { rule: cause.rule }),
      ...(cause.runId === null ? {} : { runId: cause.runId }),
      ...(cause.stepId === null ? {} : { stepId: cause.stepId }),
      because,
    },
  })
  return intent.history.filter(({ state }) => told.has(state)).map(line)
}

type Deps = { mongo: Mongo; appendFacts: (facts: NewFact[]) => Promise<void>; metrics?: Pick<Metrics, 'intents'> }

/** Puts what became of intents into their customers' timelines. Safe to repeat. */
export const createTell = ({ mongo, appendFacts, metrics }: Deps) => {
  const intents = intentCollection(mongo.connection)

  /** The lines alone, where what they say is certain before it is written. */
  const lines = async (settled: readonly Telling[]): Promise<void> => {
    for (const { channel, state } of settled) metrics?.intents.inc({ channel, state })
    const facts = settled.flatMap(factsOf)
    if (facts.length > 0) await appendFacts(facts)
  }

  /** The lines of what is written already, then lets go of it. */
  const tell = async (settled: readonly Telling[]): Promise<void> => {
    if (settled.length === 0) return
    await lines(settled)
    const ids = settled.map(({ _id }) => _id)
    const deliveries = [...new Set(settled.map(({ delivery }) => delivery))]
    // Whoever settled further meanwhile is told again.
    await intents.updateMany(
      { _id: { $in: ids }, delivery: { $in: deliveries }, state: { $in: ['sent', 'blocked', 'failed'] } },
      { $unset: { lookAt: 1 } },
    )
  }

  return { tell, lines }
}

export type Tell = ReturnType<typeof createTell>['tell']
export type TellLines = ReturnType<typeof createTell>['lines']
