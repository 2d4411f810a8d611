import type { ClientSession } from 'mongoose'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupedByCustomer, type WorkThrough } from './work-through.ts'

/** What the profile needs of the facts' store, all within its transaction. */
export type FactsStore = {
  unfinished(
    customerIds: readonly string[],
    by: 'profile' | 'anybody',
    limit: number,
    session: ClientSession,
  ): Promise<{ fact: Fact; folded: boolean }[]>
  keepFolded(facts: readonly NewFact[], concerns: Concerns, session: ClientSession): Promise<Fact[]>
  folded(ids: { waiting: readonly string[]; done: readonly string[] }, session: ClientSession): Promise<void>
}

export type Concerns = (fact: NewFact) => boolean

type Deps = {
  mongo: Mongo
  log: Log
  facts: FactsStore
  workThrough: WorkThrough
  /** Which facts the rules ask for now. */
  concerns: () => Promise<Concerns>
  /** Sends on what is of somebody else by now; answers the rest. */
  sendOn: (doubtful: readonly Fact[], session: ClientSession) => Promise<readonly Fact[]>
}

/** What one turn has worked through: who moved, what is for the rules to see, and whether more waits. */
type Turned = { readonly moved: readonly string[]; readonly forRules: readonly Fact[]; readonly more: boolean }

/** Facts folded in one transaction. */
const perTurn = 500

/**
 * A turn of some customers: they, the facts that wait, the facts that follow from them and the marks are read and written in
 * one transaction, so that each fact counts once. Two turns that meet: one is repeated by the transaction.
 */
export const createTurn = ({ mongo, log, facts, workThrough, concerns, sendOn }: Deps) => {
  const once = async (
    customerIds: readonly string[],
    why: 'facts' | 'all_facts' | 'time' | 'settings',
  ): Promise<Turned> => {
    const asked = await concerns()
    return mongo.transaction(async (session) => {
      const by = why === 'facts' ? 'profile' : why === 'all_facts' ? 'anybody' : null
      const unfinished = by === null ? [] : await facts.unfinished(customerIds, by, perTurn, session)
      const forRules = unfinished.flatMap(({ fact, folded }) => (folded ? [fact] : []))
      const waiting = unfinished.flatMap(({ fact, folded }) => (folded ? [] : [fact]))
      const more = unfinished.length === perTurn
      const through = waiting.filter(({ of }) => of !== undefined)
      const staying = new Set(through.length === 0 ? [] : await sendOn(through, session))
      const mine = waiting.filter((fact) => fact.of === undefined || staying.has(fact))
      const news = groupedByCustomer(mine)
      const concerned = by === null ? customerIds : [...news.keys()]
      if (concerned.length === 0) return { moved: [], forRules, more }
      const { here, derived } = await workThrough(
        { customerIds: concerned, news, newSettings: why === 'settings' },
        session,
      )
      const astray = mine.filter(({ customerId }) => !here.has(customerId))
      const lost = astray.length === 0 ? [] : await sendOn(astray, session)
      if (lost.length > 0) log.error({ facts: lost.length }, 'facts of customers who do not exist; left unfolded')
      const told = await facts.keepFolded(derived, asked, session)
      const folded = [...mine.filter(({ customerId }) => here.has(customerId)), ...lost]
      const [kept, done] = [folded.filter(asked), folded.filter((fact) => !asked(fact))]
      await facts.folded({ waiting: kept.map(({ id }) => id), done: done.map(({ id }) => id) }, session)
      return {
        moved: [...new Set(derived.map((fact) => fact.customerId))],
        forRules: [...forRules, ...kept, ...told],
        more,
      }
    })
  }

  return {
    /** Folds what waits into its customers, so much at once; answers what is for the rules to see, and whether more waits. */
    foldSome: (customerIds: readonly string[]): Promise<Turned> => once(customerIds, 'all_facts'),
    /** Folds every fact that waits into its customer. */
    async fold(asked: string | readonly string[]): Promise<void> {
      const customerIds = typeof asked === 'string' ? [asked] : asked
      for (;;) if (!(await once(customerIds, 'facts')).more) return
    },
    /** Lets time pass; answers who moved. */
    passTime: async (customerIds: readonly string[]): Promise<readonly string[]> =>
      (await once(customerIds, 'time')).moved,
    /** Lets new settings count from now on; answers who moved. */
    newSettings: async (customerIds: readonly string[]): Promise<readonly string[]> =>
      (await once(customerIds, 'settings')).moved,
  }
}
