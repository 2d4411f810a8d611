import type { NewFact } from '@zhiyin/shared/fact'
import type { ClientSession } from 'mongoose'
import type { Enqueue } from '../flow/jobs.ts'
import { createFactsRead } from '../events/read.ts'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { contactEventHandlers, type ContactEventDeps } from './contact-events.ts'
import { createClearTag } from './clear-tag.ts'
import { createMarked } from './marked.ts'
import { createDue, createDueBacklog, createDueSweep } from './due.ts'
import { createEnsureCustomers } from './ensure.ts'
import { createHandOver } from './hand-over.ts'
import type { Identity } from './identity.ts'
import { createNoteContact } from './note-contact.ts'
import { createRecompute } from './recompute.ts'
import { createSnapshots, type SnapshotDeps, type TagName } from './snapshot.ts'
import { createTagging, type WantTag } from './tagging.ts'
import { createTurn, type Concerns, type FactsStore } from './turn.ts'
import type { Definitions } from './types.ts'

export type ProfileDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  /** `get` may be up to 2 s old, `fresh` is what stands now. */
  definitions: { get(): Promise<Definitions>; fresh(): Promise<Definitions> }
  facts: Pick<FactsStore, 'derive' | 'folded'> & {
    append(facts: readonly NewFact[], session?: ClientSession): Promise<unknown>
    nudge(customerIds: readonly string[]): Promise<void>
  }
  tagNames: (tagIds: readonly string[]) => Promise<ReadonlyMap<string, TagName>>
  tagsByWecomId: SnapshotDeps['tagsByWecomId']
  channelByState: SnapshotDeps['channelByState']
  getCustomer: ContactEventDeps['getCustomer']
  /** Which facts the rules ask for now; the others are done with once they are folded. */
  concerns: () => Promise<Concerns>
  handOverOf: ContactEventDeps['handOverOf']
  wantTag: WantTag
}

/** More groups of identities than this make an exchange of their own. */
const fewGroups = 20

export type Profile = ReturnType<typeof createProfile>

/** The customer: who somebody is, and what the facts add up to. */
export const createProfile = (deps: ProfileDeps) => {
  const { mongo, clock, newId, log, enqueue, facts } = deps
  const definitions = (): Promise<Definitions> => deps.definitions.get()

  const ensureCustomers = createEnsureCustomers({ mongo, clock, newId, definitions })
  const ensureCustomer: (identities: readonly Identity[]) => Promise<string> = createGather(ensureCustomers, {
    restMs: 10,
  })

  const { unfinished } = createFactsRead(mongo)
  const turn = createTurn({ mongo, clock, log, facts: { ...facts, unfinished }, definitions, concerns: deps.concerns })
  const recompute = createRecompute({
    mongo,
    clock,
    enqueue,
    freshDefinitions: () => deps.definitions.fresh(),
    newSettings: turn.newSettings,
    nudgeFacts: facts.nudge,
  })
  const tag = createTagging({ ...deps, append: facts.append })
  const snapshots = createSnapshots({ ...deps, append: facts.append, ensureCustomer })

  return {
    /** Whose these identities are; creates the customer once, however many ask at the same time. */
    ensureCustomer,
    /** The same for many groups of identities at once; answers in their order. Few join those whom others ask for. */
    ensureCustomers: (groups: Parameters<typeof ensureCustomers>[0]): Promise<string[]> =>
      groups.length > fewGroups ? ensureCustomers(groups) : Promise.all(groups.map(ensureCustomer)),
    fold: turn.fold,
    foldSome: turn.foldSome,
    due: createDue({ passTime: turn.passTime, nudgeFacts: facts.nudge }),
    recompute: { want: recompute.want, next: recompute.next },
    saveContactSnapshot: snapshots.saveContactSnapshot,
    saveContactPair: snapshots.saveContactPair,
    /** What was noted of a customer through the API. */
    noteContact: createNoteContact({ mongo }),
    /** Moves customers to the reps who have taken them over. */
    handOver: createHandOver({ mongo, append: facts.append }),
    /** Puts tags on and takes them off, here and in WeCom; for rules and people. */
    tag,
    /** Tags were marked in WeCom: its word of the pair is kept. */
    marked: createMarked({ mongo }),
    /** Takes a deleted tag off customers, batch by batch. */
    clearTag: createClearTag({ mongo, clock, append: facts.append }),
    /** Registers what the profile does with callbacks about customers. */
    handlers: contactEventHandlers({ ...deps, append: facts.append, save: snapshots.save, ensureCustomer, tag }),
    sweeps: [createDueSweep({ mongo, enqueue }), recompute.sweep],
    backlog: createDueBacklog(mongo),
  }
}
