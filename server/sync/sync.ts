import { setTimeout as sleep } from 'node:timers/promises'
import type { SyncCause, SyncKind } from '@zhiyin/shared/api/sync'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { createHolds } from '../profile/read.ts'
import type { CustomerPair, WecomMember, WecomRead } from '../wecom/types.ts'
import { createConfirm } from './confirm.ts'
import { createGaps } from './gaps.ts'
import { createContactsPart } from './parts/contacts.ts'
import { createGroupsPart } from './parts/groups.ts'
import { createMembersPart } from './parts/members.ts'
import { createTagsPart } from './parts/tags.ts'
import { createRecheck, type KeptGroup } from './recheck.ts'
import { createRunner } from './runner.ts'
import type { RunDoc } from './runs.model.ts'
import { createSchedule } from './schedule.ts'
import { createWalked } from './walked.ts'

const pollMs = 50

export type SyncDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  zone: string
  read: Pick<
    WecomRead,
    | 'getCustomer'
    | 'groupChat'
    | 'groupChats'
    | 'corpTags'
    | 'getUser'
    | 'departments'
    | 'listUsers'
    | 'followUserList'
    | 'batchGetByUser'
    | 'listContacts'
  >
  inbox: Pick<Parameters<typeof createConfirm>[0], 'take' | 'statesOf'>
  members: {
    get: (userid: string) => Promise<{ active: boolean } | null>
    userids: () => Promise<readonly string[]>
    save: (members: readonly WecomMember[], reps: ReadonlySet<string>) => Promise<void>
    /** The member has the customer-contact function. */
    markRep: (userid: string) => Promise<void>
  }
  tags: {
    get: (wecomId: string) => Promise<{ name: string; group: string; deleted: boolean } | null>
    inWecom: () => Promise<readonly { wecomId: string; name: string; group: string }[]>
    takeOver: () => Promise<unknown>
  }
  groups: {
    get: (chatId: string) => Promise<KeptGroup | null>
    ids: () => Promise<readonly string[]>
    after: (chatId: string, limit: number) => Promise<readonly KeptGroup[]>
    refresh: (chatId: string) => Promise<unknown>
  }
  /** `askedAt`: when WeCom was asked for the page it stands on. */
  savePair: (pair: CustomerPair, askedAt: Date) => Promise<void>
}

/** Compares what callbacks told with WeCom's lists, and repairs what they missed through the callbacks' own handlers. */
export const createSync = (deps: SyncDeps) => {
  const { mongo, clock, log, read, members, tags, groups, inbox } = deps
  const holds = createHolds(mongo)
  const gaps = createGaps(deps)
  const walked = createWalked(deps)
  const parts = {
    members: createMembersPart({ wecom: read, known: members.userids, save: members.save }),
    tags: createTagsPart({ wecom: read, known: tags.inWecom, takeOver: tags.takeOver }),
    contacts: createContactsPart({
      wecom: read,
      walked,
      holdsOf: holds.of,
      heldBy: holds.by,
      clock,
      save: async (pairs, askedAt) => void (await Promise.all(pairs.map((pair) => deps.savePair(pair, askedAt)))),
    }),
    groups: createGroupsPart({
      walked,
      wecom: read,
      known: groups.ids,
      kept: groups.after,
      takeOver: groups.refresh,
    }),
  }
  const step = createRunner({ mongo, clock, log, enqueue: deps.enqueue, gaps, parts })
  const schedule = createSchedule({ ...deps, gaps })
  const ours = { holdsOf: holds.of, group: groups.get, tag: tags.get, member: members.get }
  const confirm = createConfirm({
    gaps,
    clock,
    log,
    recheck: createRecheck({ read, ours }),
    ...inbox,
    // The callback tells of a newcomer, but not that they hold customers.
    repaired: async ({ kind, subject: { userid }, runId }) => {
      if (kind !== 'member.joined' || userid === undefined) return
      const run = await schedule.get(runId)
      if (run?.reps.includes(userid)) await members.markRep(userid)
    },
  })

  /** Begins a run; while one is under way, answers that one. */
  const start = async (kind: SyncKind, cause: SyncCause, force = false): Promise<RunDoc> => {
    for (;;) {
      const run = (await schedule.begin(kind, cause, force)) ?? (await schedule.running())
      if (run !== null) return run
    }
  }

  /** Carries a run on until it is over, or for so long; answers how it stands. */
  const finish = async (runId: string, withinMs: number): Promise<RunDoc> => {
    const until = performance.now() + withinMs
    for (;;) {
      await step(runId)
      const run = await schedule.get(runId)
      if (run === null) throw new Error(`The sync run ${runId} is gone`)
      if (run.state !== 'running' || performance.now() > until) return run
      await sleep(pollMs)
    }
  }

  /** Repairs what a run has found, as far as there is time. */
  const repair = async (run: RunDoc, withinMs: number): Promise<RunDoc> => {
    const until = performance.now() + withinMs
    for (;;) {
      const open = await gaps.openOf(run._id)
      if (open.length === 0 || performance.now() > until) return run
      await confirm(open)
      await sleep(pollMs)
    }
  }

  return {
    start,
    /** A whole run of one's own and its repairs: waits for the one under way, if any. */
    async whole(withinMs: number): Promise<RunDoc> {
      const until = performance.now() + withinMs
      const left = (): number => until - performance.now()
      for (;;) {
        const mine = await schedule.begin('full', 'by_hand')
        if (mine !== null) return repair(await finish(mine._id, left()), left())
        const other = await schedule.running()
        if (other === null) continue
        const end = await finish(other._id, left())
        if (end.state === 'running') return end
      }
    },
    started: schedule.started,
    /**
     * WeCom said that the customer is no friend any more: no list shows who has deleted a rep, so this is the only trace of that callback.
     * Looked at again like any difference, in case the callback is on its way.
     */
    lost: async (userid: string, externalUserId: string): Promise<void> =>
      void (await gaps.suspect({ _id: '', cause: 'hourly' }, [
        { kind: 'contact.lost', subject: { userid, externalUserId } },
      ])),
    /** A group's member list had moved without a word; it was read again. */
    missedInGroup: (chatId: string): Promise<void> => gaps.filled({ kind: 'group.changed', subject: { chatId } }),
    jobs: {
      'sync.step': ({ runId }: { runId: string }) => step(runId),
      'sync.confirm': ({ gapIds }: { gapIds: readonly string[] }) => confirm(gapIds),
    },
    sweep: schedule.sweep,
    backlog: schedule.backlog,
  }
}

export type Sync = ReturnType<typeof createSync>
