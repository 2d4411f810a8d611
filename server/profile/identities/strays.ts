import type { ClientSession } from 'mongoose'
import type { Fact } from '@zhiyin/shared/fact'
import type { Mongo } from '../../platform/mongo.ts'
import { createWholes } from './whole.ts'

type Deps = {
  mongo: Pick<Mongo, 'connection'>
  facts: {
    readonly owners: {
      set(ids: readonly string[], customerId: string, of: string | null, session: ClientSession): Promise<void>
    }
    nudge(customerIds: readonly string[], session?: ClientSession): Promise<void>
  }
}

/**
 * Facts that were on their way while their customer became part of another one, or parted: they are sent on to whom they are of now.
 * Asked of facts whose customer is not there, and of those that came through a part; answers those that stay.
 */
export const createStrays = ({ mongo, facts }: Deps) => {
  const wholes = createWholes(mongo)
  return async (doubtful: readonly Fact[], session: ClientSession): Promise<readonly Fact[]> => {
    const standing = await wholes.of(
      doubtful.map(({ customerId, of }) => of ?? customerId),
      session,
    )
    const gone = new Set<Fact>()
    const groups = new Map<string, { owner: string; of: string | null; ids: string[] }>()
    for (const fact of doubtful) {
      const through = fact.of ?? fact.customerId
      const owner = standing.get(through) ?? through
      if (owner === fact.customerId) continue
      const of = owner === through ? null : through
      const group = groups.get(`${owner} ${through}`) ?? { owner, of, ids: [] }
      groups.set(`${owner} ${through}`, { ...group, ids: [...group.ids, fact.id] })
      gone.add(fact)
    }
    for (const { owner, of, ids } of groups.values()) await facts.owners.set(ids, owner, of, session)
    if (groups.size > 0)
      await facts.nudge(
        [...groups.values()].map(({ owner }) => owner),
        session,
      )
    return doubtful.filter((fact) => !gone.has(fact))
  }
}
