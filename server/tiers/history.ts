import type { Because } from '@zhiyin/shared/because'
import type { FactsRead } from '../events/read.ts'
import { levelMoved, movingTypes } from './moved.ts'

const most = 200

/** A move in one scheme, levels by the names they had then; `from` null: the first level known. */
export type Moved = {
  readonly schemeId: string
  readonly at: Date
  readonly from: string | null
  readonly to: string
  readonly because: readonly Because[]
}

/** How a customer's levels came about, newest first, the last 200 moves over all schemes. */
export const createHistory =
  ({ list }: Pick<FactsRead, 'list'>) =>
  async (customerId: string): Promise<Moved[]> => {
    const facts = await list(customerId, { types: movingTypes, limit: most })
    return facts.map((fact) => {
      const { at, payload } = fact
      const { because } = payload
      if (fact.type === 'level.changed')
        return { schemeId: fact.payload.schemeId, at, from: fact.payload.from, to: fact.payload.to, because }
      const { level, from, to } = fact.payload
      return level === undefined
        ? { schemeId: levelMoved(fact)?.schemeId ?? '', at, from, to, because }
        : { schemeId: level.schemeId, at, from: level.from?.name ?? null, to: level.to.name, because }
    })
  }
