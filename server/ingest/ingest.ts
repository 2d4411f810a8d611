import { mostMessages, type BatchDone, type BatchInput, type Done } from '@zhiyin/shared/api/ingest'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Lang } from '@zhiyin/shared/text'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import { erasedId, type Identity } from '../profile/read.ts'
import { factOf, ownedBy, type Made } from './fact.ts'
import { checkIn, factIdOf, hasTime, isForOthers, isTooLarge, timeOf, tooLarge, type Message } from './message.ts'
import { answerIn, optOutOf } from './opt-out.ts'
import type { Refused } from './problem.ts'
import type { Received } from './received.ts'
import { createRefuse } from './refuse.ts'
import type { Rejected, Rejects } from './rejects.ts'
import { aliasOf, identitiesOf } from './who.ts'

export type IngestDeps = {
  clock: Clock
  newId: NewId
  ensureCustomers: (groups: readonly (readonly Identity[])[]) => Promise<string[]>
  /** Two sets of identities are those of one person. */
  linkIdentities: (a: readonly Identity[], b: readonly Identity[]) => Promise<unknown>
  append: (facts: readonly NewFact[]) => Promise<unknown>
  /** The company's words for “no more messages”. */
  optOutWords: () => Promise<readonly string[]>
  rejects: Pick<Rejects, 'keep'>
  received: Pick<Received, 'note'>
}

type Batch = Pick<BatchInput, 'batch' | 'sentAt' | 'context' | 'integrations'>

/** What becomes of one message. */
type Sorted =
  | { readonly message: Message; readonly does: 'skip' }
  | { readonly message: Extract<Message, { kind: 'alias' }>; readonly does: 'link' }
  | { readonly message: Message; readonly does: 'tell'; readonly fact: Extract<Made, { fact: unknown }>['fact'] }

export type Ingest = ReturnType<typeof createIngest>

/** Takes Segment's messages in: checks each alone, finds out whose they are, stores them as facts; what is not taken is kept with why. */
export const createIngest = ({
  clock,
  newId,
  ensureCustomers,
  linkIdentities,
  append,
  optOutWords,
  rejects,
  received,
}: IngestDeps) => {
  const refuse = createRefuse({ rejects, received })
  const madeId = (): string => newId('message')

  const sort = (message: Message, sentAt: string | null | undefined, receivedAt: Date): Sorted | Refused => {
    if (isForOthers(message)) return { message, does: 'skip' }
    if (message.kind === 'alias') return { message, does: 'link' }
    const made = factOf(message, factIdOf(message, madeId), timeOf(message, sentAt, receivedAt))
    return 'problem' in made ? made : { message, does: 'tell', fact: made.fact }
  }

  /** Answers by which no more messages are wanted. */
  const refusedIn = async (owned: readonly { message: Message; fact: NewFact }[]): Promise<NewFact[]> => {
    const answers = owned.flatMap(({ message, fact }) => {
      const text = fact.type === 'customer.replied' ? answerIn(message) : null
      return text === null ? [] : [{ fact, text }]
    })
    if (answers.length === 0) return []
    const words = await optOutWords()
    return answers.flatMap(({ fact, text }) => optOutOf(fact, text, words))
  }

  /** All good messages in a handful of writes: one look-up of identities, at most one transaction, one insert. Answers those of people who were erased. */
  const store = async (sorted: readonly Sorted[]): Promise<ReadonlySet<Message>> => {
    // First who is who, then what they did.
    for (const one of sorted) if (one.does === 'link') await linkIdentities(...aliasOf(one.message.input))
    const told = sorted.flatMap((one) => (one.does === 'tell' ? [one] : []))
    if (told.length === 0) return new Set()
    const owners = await ensureCustomers(told.map(({ message, fact }) => identitiesOf(message, fact.at)))
    const owned = told.flatMap(({ message, fact }, i) => {
      const owner = owners[i]
      return owner === undefined ? [] : [{ message, fact: ownedBy(fact, owner) }]
    })
    await append([...owned.map(({ fact }) => fact), ...(await refusedIn(owned))])
    return new Set(told.flatMap(({ message }, i) => (owners[i] === erasedId ? [message] : [])))
  }

  const take = async (path: string, sorted: readonly Sorted[], rejected: readonly Rejected[]): Promise<void> => {
    const erased = await store(sorted)
    if (rejected.length > 0) await rejects.keep(path, rejected)
    const taken = sorted.flatMap(({ message, does }) => (does === 'skip' || erased.has(message) ? [] : [message]))
    received.note({ taken, rejected: rejected.length, skipped: sorted.length - taken.length })
  }

  return {
    /** One message. Throws request.too_large. */
    async one(path: string, message: Message, lang: Lang): Promise<Done> {
      const sorted = isTooLarge(message.input) ? tooLarge : sort(message, null, clock.date())
      if ('problem' in sorted) return refuse.one(path, message.kind, message.input, sorted, lang)
      await take(path, [sorted], [])
      return { success: true }
    },

    refused: refuse.shape,

    /** Each message by itself: the good ones are stored, the others answered with their place and what is wrong. */
    async batch(path: string, { batch, sentAt, ...beneath }: Batch, lang: Lang): Promise<BatchDone> {
      if (batch.length > mostMessages) return refuse.tooMany(path, { batch, ...beneath }, batch.length, lang)
      const receivedAt = clock.date()
      const later = new Map<string, number>()
      /** Of messages of one person that name no time the later one happened later; none is dated ahead. */
      const receivedOf = (message: Message): Date => {
        if (hasTime(message)) return receivedAt
        const who = message.input.userId ?? message.input.anonymousId ?? ''
        const ms = later.get(who) ?? 0
        later.set(who, ms + 1)
        return ms === 0 ? receivedAt : new Date(receivedAt.getTime() - ms)
      }
      const sorted: Sorted[] = []
      const rejected: (Rejected & { readonly index: number })[] = []
      for (let index = batch.length - 1; index >= 0; index -= 1) {
        const raw = batch[index]
        const checked = checkIn(beneath, raw)
        const found = 'problem' in checked ? checked : sort(checked.message, sentAt, receivedOf(checked.message))
        if ('problem' in found) rejected.push({ index, raw, ...found })
        else sorted.push(found)
      }
      sorted.reverse()
      rejected.reverse()
      await take(path, sorted, rejected)
      return {
        success: true,
        rejected: rejected.map(({ index, problem }) => ({ index, problem: problem[lang] })),
      }
    },
  }
}
