import { because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { IntentDoc } from './intents.model.ts'
import { ownerPace, type Pace } from './pace.ts'
import type { Verdict } from './permit.ts'

type Deps = { clock: Clock; pace: Pick<Pace, 'owner' | 'ownerSpared'> }
type Turn = Extract<Verdict, { kind: 'wait' }>

/** What the owner of some groups confirms as one. */
const messageOf = ({ batchKey, _id }: IntentDoc): string => batchKey ?? _id

/** The messages of each owner, each with its intents. */
const byOwner = (intents: readonly IntentDoc[]): Map<string, Map<string, IntentDoc[]>> => {
  const owners = new Map<string, Map<string, IntentDoc[]>>()
  for (const intent of intents) {
    if (intent.channel !== 'group_mass' || intent.userid === null) continue
    const messages = owners.get(intent.userid) ?? new Map<string, IntentDoc[]>()
    owners.set(intent.userid, messages)
    messages.set(messageOf(intent), [...(messages.get(messageOf(intent)) ?? []), intent])
  }
  return owners
}

/**
 * The queue of each owner over everything that goes to their groups, whatever wants it: pushes by hand, plans and broadcasts. WeCom limits
 * what a group gets, nobody what an owner has to confirm.
 */
export const createOwnerTurns = ({ clock, pace }: Deps) => ({
  /** Of intents that may go, those whose turn has not come, with when it does. */
  async turnsOf(permitted: readonly IntentDoc[]): Promise<ReadonlyMap<string, Turn>> {
    const waiting = new Map<string, Turn>()
    for (const [userid, messages] of byOwner(permitted)) {
      const turns = await pace.owner(userid, [...messages.keys()])
      for (const [index, intents] of [...messages.values()].entries()) {
        const at = turns[index] ?? 0
        if (at <= clock.now()) continue
        const turn: Turn = { kind: 'wait', until: new Date(at), because: because('push.paced', { ...ownerPace, at }) }
        for (const { _id } of intents) waiting.set(_id, turn)
      }
    }
    return waiting
  },
  /** Those that ended without going keep nobody waiting. */
  async spare(ended: readonly IntentDoc[]): Promise<void> {
    for (const [userid, messages] of byOwner(ended)) await pace.ownerSpared(userid, [...messages.keys()])
  },
})
