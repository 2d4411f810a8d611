import { setTimeout as sleep } from 'node:timers/promises'
import type { Enqueue } from '../../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../../flow/sweep.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection } from '../customers.model.ts'
import type { Blind } from '../identity.ts'
import { takeConsents } from './consents.ts'
import { pairDoubts } from './doubts.ts'
import { fillFiveLayers } from './five-layers.ts'
import { hideIdentities } from './identities.ts'
import { flattenInteractions } from './interactions.ts'
import { createMarks } from './marks.ts'
import { hidePhones } from './phones.ts'
import { keepPurchases } from './purchases.ts'
import { refoldAll } from './refold.ts'
import { keepSeenOnce } from './seen.ts'
import { recallWithdrawals } from './withdrawals.ts'
import type { Definitions } from '../types.ts'
import type { Step } from './step.ts'

/** How often whoever waits for another's start looks. */
const lookMs = 50

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  enqueue: Enqueue
  blind: Blind
  definitions: { fresh: () => Promise<Pick<Definitions, 'attributes'>> }
} & Parameters<typeof refoldAll>[1]

/**
 * Brings what an earlier build kept into today's form. A change of form is a file of this folder, put at the end of one of two lists:
 * `early` steps are done before anything is read, so they only fill in what reading needs; `late` ones go on in the background.
 */
export const createUpgrade = ({ mongo, clock, log, enqueue, blind, definitions, waitAhead, refold }: Deps) => {
  const early: readonly Step[] = [
    hideIdentities(mongo, blind),
    pairDoubts(mongo, blind),
    takeConsents(mongo),
    hidePhones(mongo, blind),
    fillFiveLayers(mongo),
    keepPurchases(mongo),
    flattenInteractions(mongo),
    keepSeenOnce(mongo, definitions.fresh),
  ]
  const late: readonly Step[] = [refoldAll(mongo, { waitAhead, refold }), recallWithdrawals(mongo, refold)]
  const lateNames = late.map(({ name }) => name)
  const marks = createMarks({ mongo, clock })
  const customers = customerCollection(mongo.connection)

  const through = async ({ name, next }: Step): Promise<void> => {
    await marks.begin(name, { done: false })
    for (;;) {
      const mark = await marks.read(name)
      if (mark === null || mark.doneAt !== null) return
      const batch = await next(mark.after)
      if ((await marks.move(name, mark, batch)) && batch.last === null && mark.done + batch.count > 0)
        log.info({ step: name, changed: mark.done + batch.count }, 'brought into today’s form')
    }
  }

  return {
    /**
     * At a start, before anything is read; several processes at once do no harm, and one that was cut short goes on. Answers whether
     * there are customers from before.
     */
    async start(): Promise<boolean> {
      const nobody = (await customers.findOne({}, { projection: { _id: 1 } })) === null
      for (const step of early) await through(step)
      for (const { name } of late) await marks.begin(name, { done: nobody })
      return !nobody
    },

    /** Resolves once somebody else has been through all that is done at a start. */
    async started(): Promise<void> {
      for (const { name } of early)
        for (let mark = await marks.read(name); mark === null || mark.doneAt === null; mark = await marks.read(name))
          await sleep(lookMs)
    },

    /** 'profile.upgrade': the next batch of a late step, if `after` is still where it stands. */
    async next(name: string, after: string | null): Promise<void> {
      const step = late.find((one) => one.name === name)
      const mark = await marks.read(name)
      if (step === undefined || mark === null || mark.doneAt !== null || mark.after !== after) return
      const batch = await step.next(after)
      if (!(await marks.move(name, mark, batch))) return
      if (batch.last !== null) return enqueue('profile.upgrade', { step: name, after: batch.last })
      log.info({ step: name, changed: mark.done + batch.count }, 'brought into today’s form')
    },

    sweep: {
      stage: 'profile.upgrade',
      async run(now) {
        const waiting = await marks.waiting(lateNames, now)
        if (waiting === null) return 0
        await enqueue('profile.upgrade', { step: waiting.name, after: waiting.after })
        return 1
      },
    } satisfies Sweep,

    backlog: {
      stage: 'profile.upgrade',
      async count() {
        const all = await Promise.all(lateNames.map(marks.read))
        const open = all.filter((mark) => mark !== null).filter(({ doneAt }) => doneAt === null)
        const times = open.map(({ wantedAt }) => wantedAt.getTime())
        return {
          pending: open.length,
          due: 0,
          dead: 0,
          oldestAt: times.length === 0 ? null : new Date(Math.min(...times)),
        }
      },
    } satisfies BacklogOf,
  }
}
