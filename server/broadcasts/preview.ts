import { because, type Because } from '@zhiyin/shared/because'
import { wordsOf } from '@zhiyin/shared/content'
import type { BroadcastPreview } from '@zhiyin/shared/broadcast'
import type { Clock } from '../platform/clock.ts'
import { groupSize, type Outbox, type Verdict, type WantInput } from '../outbox/read.ts'
import type { AudienceOf, Receivers } from './audience.ts'
import type { IntentsOf, Sending } from './intents.ts'
import type { Names } from './types.ts'

/** At most so many receivers are looked at; the answer says how many there are. */
const maxChecked = 5_000
const perBatch = 500

type Deps = {
  clock: Clock
  audience: AudienceOf
  intentsOf: IntentsOf
  preview: Outbox['preview']
  names: Names
}

const askingOf = (intent: WantInput) => ({
  _id: intent.key,
  channel: intent.channel,
  customerId: intent.customerId ?? null,
  externalUserId: intent.externalUserId ?? null,
  groupId: intent.groupId ?? null,
  chatId: intent.chatId ?? null,
  userid: intent.userid ?? null,
  code: null,
  refusal: intent.refusal ?? null,
  quietHours: null,
  expiresAt: intent.expiresAt,
  ...(intent.priority === undefined ? {} : { priority: intent.priority }),
  ...(intent.onLoss === undefined ? {} : { onLoss: intent.onLoss }),
})

const nameAt = ({ list }: Receivers, index: number): string => list[index]?.name ?? ''

/** What a broadcast would come to at its time: whom it reaches, by whom, and who is held back and why. Writes nothing. */
export const createBroadcastPreview = ({ clock, audience, intentsOf, preview, names }: Deps) => {
  const outcome: Record<Verdict['kind'], 'send' | 'wait' | 'block'> = { permit: 'send', wait: 'wait', block: 'block' }

  return async (sending: Sending): Promise<BroadcastPreview> => {
    const counts = { send: 0, wait: 0, block: 0 }
    const reasons = new Map<string, { because: Because; count: number }>()
    /** Receivers by sender and text: each of these is a mass message the rep confirms. */
    const messages = new Map<string, { userid: string; receivers: number }>()
    let sample: BroadcastPreview['sample'] = null
    let checked = 0

    const take = (intent: WantInput, verdict: Verdict, name: string): void => {
      counts[outcome[verdict.kind]] += 1
      if (verdict.kind !== 'permit') {
        const had = reasons.get(verdict.because.code)
        reasons.set(verdict.because.code, { because: had?.because ?? verdict.because, count: (had?.count ?? 0) + 1 })
      }
      if (verdict.kind === 'block' || !intent.userid) return
      sample ??= { receiver: name, text: intent.body ? wordsOf(intent.body) : '' }
      const key = JSON.stringify([intent.userid, intent.body])
      const message = messages.get(key) ?? { userid: intent.userid, receivers: 0 }
      messages.set(key, { ...message, receivers: message.receivers + 1 })
    }

    const total = await audience.total(sending)
    for (let after: string | null = null; checked < maxChecked;) {
      const receivers: Receivers = await audience.next(sending, after, perBatch)
      const intents = await intentsOf(sending, receivers)
      const verdicts = await preview(intents.map(askingOf), sending.at)
      intents.forEach((intent, index) =>
        take(intent, verdicts[index] ?? { kind: 'block', because: because('unknown') }, nameAt(receivers, index)),
      )
      checked += intents.length
      after = receivers.next
      if (after === null) break
    }

    const size = groupSize(sending.audience.kind === 'customers' ? 'mass' : 'group_mass')
    const reps = new Map<string, { receivers: number; messages: number }>()
    for (const { userid, receivers } of messages.values()) {
      const had = reps.get(userid) ?? { receivers: 0, messages: 0 }
      reps.set(userid, { receivers: had.receivers + receivers, messages: had.messages + Math.ceil(receivers / size) })
    }
    const called = await names([...reps.keys()])
    return {
      at: clock.date().toISOString(),
      total,
      checked,
      counts,
      reps: [...reps]
        .map(([userid, of]) => ({ userid, name: called.get(userid) ?? userid, ...of }))
        .toSorted((a, b) => b.receivers - a.receivers),
      reasons: [...reasons.values()].toSorted((a, b) => b.count - a.count),
      sample,
    }
  }
}
