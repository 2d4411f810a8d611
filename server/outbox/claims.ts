import { because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Group } from './call.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { moved } from './moves.ts'

/** How long a claim is good. A call takes at most 10 s; a welcome has to be tried again within its 20 s. */
export const claimMs = (channel: IntentDoc['channel']): number => (channel === 'welcome' ? 6_000 : 30_000)

/** A call is not begun when its claim might run out before the answer. */
export const callMs = 12_000

/** Receivers of one call: 10,000 customers, 2,000 groups (apis.md §9); wishes for the tags of one pair. */
const perCall = { mass: 10_000, group_mass: 2_000, mark_tag: 100 } as const
const contested: ReadonlySet<IntentDoc['channel']> = new Set(['mass', 'group_mass'])
const sizeOf = (channel: IntentDoc['channel']): number =>
  channel === 'mass' || channel === 'group_mass' || channel === 'mark_tag' ? perCall[channel] : 1

export const groupSize = (channel: 'mass' | 'group_mass'): number => perCall[channel]

/** What goes out together: receivers of one text, and the tags of one pair. */
const groupKey = ({ _id, channel, batchKey, userid, externalUserId }: IntentDoc): string => {
  if (channel === 'mark_tag') return `mark ${userid} ${externalUserId}`
  return sizeOf(channel) === 1 || batchKey === null ? _id : batchKey
}

/** Of each mass message as many receivers as one call takes. */
export const oneCallOfEach = (intents: readonly IntentDoc[]): IntentDoc[] => {
  const taken = new Map<string, number>()
  return intents.filter((intent) => {
    const key = groupKey(intent)
    const count = (taken.get(key) ?? 0) + 1
    taken.set(key, count)
    return count <= sizeOf(intent.channel)
  })
}

/** Puts together what goes out in one call, within the platform's limits. */
export const groupsOf = (intents: readonly IntentDoc[]): Group[] => {
  const byKey = new Map<string, IntentDoc[]>()
  for (const intent of intents) {
    const key = groupKey(intent)
    const had = byKey.get(key)
    if (had === undefined) byKey.set(key, [intent])
    else had.push(intent)
  }
  return [...byKey.values()].flatMap((list) => {
    const size = sizeOf(list[0]?.channel ?? 'app')
    const groups: Group[] = []
    for (let from = 0; from < list.length; from += size) {
      const intents = list.slice(from, from + size)
      if (intents[0] !== undefined) groups.push({ first: intents[0], intents })
    }
    return groups
  })
}

type Deps = { mongo: Mongo; clock: Clock; newId: NewId }

/** Claims: written before any call, so that a crash leaves a trace to reconcile. */
export const createClaims = ({ mongo, clock, newId }: Deps) => {
  const intents = intentCollection(mongo.connection)
  /** Claims whose calls this process is making; however far the clock jumps, they are not lost. */
  const own = new Set<string>()

  const write = async (
    list: readonly IntentDoc[],
    name: 'claim' | 'repeat' | 'admit',
  ): Promise<{ id: string; claimed: IntentDoc[] }> => {
    const at = clock.date()
    const claim = { id: newId('message'), at }
    const longest = Math.max(...list.map(({ channel }) => claimMs(channel)))
    own.add(claim.id)
    const { guard, update } = moved(name, { at, because: [], lookAt: new Date(at.getTime() + longest), set: { claim } })
    const ids = list.map(({ _id }) => _id)
    // Whoever was put off meanwhile, with what it had counted given back, is not claimed.
    const due = name === 'admit' && list.some(({ channel }) => contested.has(channel)) ? { lookAt: { $lte: at } } : {}
    const before = name === 'repeat' ? { 'claim.id': { $in: list.flatMap((each) => each.claim?.id ?? []) } } : {}
    const written = await intents.updateMany(
      { _id: { $in: ids }, ...guard, ...due, ...before },
      { ...update, $inc: { attempts: 1 } },
    )
    const mine =
      written.modifiedCount === list.length
        ? list
        : await intents.find({ _id: { $in: ids }, 'claim.id': claim.id, state: 'claimed' }).toArray()
    const added = update.$push.history.$each
    const claimed = mine.map((intent) => ({
      ...intent,
      state: 'claimed' as const,
      claim,
      attempts: intent.attempts + (mine === list ? 1 : 0),
      history: mine === list ? [...intent.history, ...added] : intent.history,
    }))
    return { id: claim.id, claimed }
  }

  return {
    claim: (list: readonly IntentDoc[]) => write(list, 'claim'),
    /** Permits wanted ones and claims them, in one write. */
    admit: (list: readonly IntentDoc[]) => write(list, 'admit'),
    /** Claims unsure ones anew, to repeat what is safe to repeat. */
    repeat: (list: readonly IntentDoc[]) => write(list, 'repeat'),
    release: (id: string): void => void own.delete(id),

    /** Claims nobody answered for: their process died, so nobody knows whether the call was made. */
    async lapse(channels: readonly IntentDoc['channel'][]): Promise<void> {
      const at = clock.date()
      const { guard, update } = moved('doubt', { at, because: [], lookAt: at })
      const lapsed = {
        ...guard,
        state: 'claimed' as const,
        channel: { $in: [...channels] },
        lookAt: { $lte: at },
        'claim.id': { $nin: [...own] },
      }
      await intents.updateMany(lapsed, update)
      if (!channels.includes('robot')) return
      const robots = {
        $set: { because: [because('send.unsure_robot')], settledAt: at },
        $unset: { lookAt: 1 as const },
      }
      // A message of several parts goes on after the part in doubt.
      const whole = { channel: 'robot' as const, progress: { $exists: false } }
      await intents.updateMany({ state: 'unsure', lookAt: { $lte: at }, ...whole }, robots)
    },
  }
}

export type Claims = ReturnType<typeof createClaims>
