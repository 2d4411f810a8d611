import type { NewFact } from '@zhiyin/shared/fact'
import type { ClientSession } from 'mongoose'
import type { Enqueue } from '../flow/jobs.ts'
import { createFactsRead, type Arriving } from '../events/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { contactEventHandlers, type ContactEventDeps } from './contact-events.ts'
import { createBackfill } from './backfill.ts'
import { createClearTag } from './clear-tag.ts'
import { createMarked } from './marked.ts'
import { createDue, createDueBacklog, createDueSweep } from './due.ts'
import { createFetchContact } from './fetch-contact.ts'
import { createHandOver } from './hand-over.ts'
import { nobodyErased, type Erased } from './erased.ts'
import { inClear, type Blind } from './identity.ts'
import { createIdentities } from './identities/room.ts'
import { createStrays } from './identities/strays.ts'
import type { OwnedRecords } from './identities/types.ts'
import { createNoteContact } from './note-contact.ts'
import { createQualityCount } from './quality.ts'
import { createRecompute } from './recompute.ts'
import { createSnapshots, type CustomerDetail, type SnapshotDeps, type TagName } from './snapshot.ts'
import { createTagging, type WantTag } from './tagging.ts'
import { createUpgrade } from './upgrade/upgrade.ts'
import { createTake } from './take.ts'
import { createTurn, type Concerns, type FactsStore } from './turn.ts'
import type { Definitions } from './types.ts'
import { createWorkThrough } from './work-through.ts'

export type ProfileDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  /** `get` may be up to 2 s old, `fresh` is what stands now. */
  definitions: { get(): Promise<Definitions>; fresh(): Promise<Definitions> }
  facts: Pick<FactsStore, 'keepFolded' | 'folded'> &
    Parameters<typeof createStrays>[0]['facts'] &
    Parameters<typeof createIdentities>[0]['facts'] & {
      append(facts: readonly NewFact[], session?: ClientSession): Promise<unknown>
      nudge(customerIds: readonly string[]): Promise<void>
      waitAhead(customerIds: readonly string[]): Promise<void>
      arriving(news: readonly NewFact[]): Promise<Arriving>
    }
  tagNames: (tagIds: readonly string[]) => Promise<ReadonlyMap<string, TagName>>
  tagsByWecomId: SnapshotDeps['tagsByWecomId']
  channelByState: SnapshotDeps['channelByState']
  getCustomer: (externalUserId: string) => Promise<CustomerDetail | null>
  /** Which facts the rules ask for now; the others are done with once they are folded. */
  concerns: () => Promise<Concerns>
  handOverOf: ContactEventDeps['handOverOf']
  wantTag: WantTag
  /** How identities are kept. */
  blind?: Blind
  erased?: Erased
  /** What other rooms keep of customers; it goes over when two become one. */
  owned?: () => readonly OwnedRecords[]
}

export type Profile = ReturnType<typeof createProfile>

/** The customer: who somebody is, and what the facts add up to. */
export const createProfile = (deps: ProfileDeps) => {
  const { mongo, clock, newId, log, enqueue, facts } = deps
  const definitions = (): Promise<Definitions> => deps.definitions.get()

  const { concerns, blind = inClear, erased = nobodyErased, owned = () => [] } = deps
  const identities = createIdentities({
    mongo,
    clock,
    newId,
    enqueue,
    definitions,
    concerns,
    facts,
    blind,
    erased,
    owned,
  })
  const { ensureCustomer } = identities

  const { unfinished, pieces } = createFactsRead(mongo)
  const workThrough = createWorkThrough({ mongo, clock, definitions })
  const turn = createTurn({
    mongo,
    log,
    facts: { ...facts, unfinished },
    workThrough,
    concerns,
    sendOn: createStrays({ mongo, facts }),
  })
  const recompute = createRecompute({
    mongo,
    clock,
    enqueue,
    freshDefinitions: () => deps.definitions.fresh(),
    passTime: turn.passTime,
    nudgeFacts: facts.nudge,
  })
  const upgrade = createUpgrade({ ...deps, blind, waitAhead: facts.waitAhead, refold: identities.refold })
  const tag = createTagging({ ...deps, append: facts.append })
  const snapshots = createSnapshots({
    ...deps,
    append: facts.append,
    ensureCustomer,
    notedPhones: identities.notedPhones,
  })
  const fetchContact = createFetchContact({ ...deps, ensureCustomer, save: snapshots.saveContactSnapshot })

  return {
    /** Whose these identities are; creates the customer once, however many ask at the same time. */
    ensureCustomer,
    /** The same for many groups of identities at once; answers in their order. */
    ensureCustomers: identities.ensureCustomers,
    /** The same for whoever tells facts: the part of the customer each comes through. */
    ensureParts: identities.ensureParts,
    /** Who is one with whom, and who is not. */
    identities,
    /** Makes a customer's state anew from all their facts. */
    refold: identities.refold,
    /** Takes new facts in: folded at once where that can be. */
    take: createTake({ mongo, log, facts, concerns, workThrough }),
    fold: turn.fold,
    foldSome: turn.foldSome,
    due: createDue({ passTime: turn.passTime, nudgeFacts: facts.nudge }),
    recompute: { want: recompute.want, next: recompute.next, progress: recompute.progress },
    /** Looks through the past for a computed attribute, batch by batch. */
    backfill: createBackfill({
      mongo,
      clock: deps.clock,
      definitions: () => deps.definitions.fresh(),
      factsOf: pieces,
      newSettings: turn.newSettings,
      nudgeFacts: facts.nudge,
    }),
    /** Counts how good the data is, batch by batch. */
    countQuality: createQualityCount({ mongo, definitions }),
    /** Asks WeCom for a customer and keeps what it says. */
    fetchContact,
    saveContactSnapshot: snapshots.saveContactSnapshot,
    saveContactPair: snapshots.saveContactPair,
    /** What was noted of a customer through the API. */
    noteContact: createNoteContact({ mongo, notedPhones: identities.notedPhones }),
    /** Moves customers to the reps who have taken them over. */
    handOver: createHandOver({ mongo, append: facts.append }),
    /** Puts tags on and takes them off, here and in WeCom; for rules and people. */
    tag,
    /** Tags were marked in WeCom: its word of the pair is kept. */
    marked: createMarked({ mongo, clock }),
    /** Takes a deleted tag off customers, batch by batch. */
    clearTag: createClearTag({ mongo, clock, append: facts.append }),
    /** Brings what was kept before into today’s form. */
    upgrade,
    /** Registers what the profile does with callbacks about customers. */
    handlers: contactEventHandlers({ ...deps, append: facts.append, fetchContact, ensureCustomer, tag }),
    sweeps: [createDueSweep({ mongo, enqueue }), recompute.sweep, identities.sweep, upgrade.sweep],
    backlog: createDueBacklog(mongo),
  }
}
