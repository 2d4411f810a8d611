import type { IdentifyInput, TrackInput } from '@zhiyin/shared/api/ingest'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Identity } from '../profile/read.ts'
import { factOf, ownedBy } from './fact.ts'
import { checkMessage, identitiesOf, messageLimit, timeOf, type Message } from './message.ts'

type Deps = {
  clock: Clock
  ensureCustomers: (groups: readonly (readonly Identity[])[]) => Promise<string[]>
  append: (facts: readonly NewFact[]) => Promise<unknown>
}

type Batch = { batch: readonly Readonly<Record<string, unknown>>[]; sentAt?: string | null | undefined }
export type Rejected = { index: number; problem: string }

export type Ingest = ReturnType<typeof createIngest>

/** Takes Segment's messages in: checks each alone, finds out whose they are, stores them as facts. */
export const createIngest = ({ clock, ensureCustomers, append }: Deps) => {
  /** All good messages in a handful of writes: one look-up of identities, at most one transaction, one insert. */
  const store = async (messages: readonly Message[], facts: readonly ReturnType<typeof factOf>[]): Promise<void> => {
    const good = facts.flatMap((made, i) => {
      const message = messages[i]
      return 'fact' in made && message !== undefined ? [{ fact: made.fact, who: identitiesOf(message) }] : []
    })
    if (good.length === 0) return
    const owners = await ensureCustomers(good.map(({ who }) => who))
    await append(
      good.flatMap(({ fact }, i) => {
        const owner = owners[i]
        return owner === undefined ? [] : [ownedBy(fact, owner)]
      }),
    )
  }

  const one = async (message: Message): Promise<{ success: true }> => {
    if (Buffer.byteLength(JSON.stringify(message.input)) > messageLimit)
      throw new AppError('request.too_large', { status: 413, params: { limit: '32 kB' } })
    const made = factOf(message, timeOf(message, null, clock.date()))
    if ('problem' in made) throw new AppError('request.invalid', { params: { field: '', problem: made.problem } })
    await store([message], [made])
    return { success: true }
  }

  return {
    identify: (input: IdentifyInput) => one({ type: 'identify', input }),
    track: (input: TrackInput) => one({ type: 'track', input }),

    /** Each message by itself: the good ones are stored, the others answered with their place and what is wrong. */
    async batch({ batch, sentAt }: Batch): Promise<{ success: true; rejected: Rejected[] }> {
      const receivedAt = clock.date()
      const rejected: Rejected[] = []
      const messages: Message[] = []
      const facts: ReturnType<typeof factOf>[] = []
      for (const [index, raw] of batch.entries()) {
        const checked = checkMessage(raw)
        const made =
          'problem' in checked ? checked : factOf(checked.message, timeOf(checked.message, sentAt, receivedAt))
        if ('problem' in made) rejected.push({ index, problem: made.problem })
        else if ('message' in checked) {
          messages.push(checked.message)
          facts.push(made)
        }
      }
      await store(messages, facts)
      return { success: true, rejected }
    },
  }
}
