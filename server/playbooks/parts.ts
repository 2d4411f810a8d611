import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { partModel } from './parts.model.ts'

export type PartKind = 'content' | 'talk' | 'rule'

/**
 * Which id each part of a playbook has in this company. The id is claimed before the thing is made, so that an installation that is repeated,
 * or was cut, makes nothing twice.
 */
export const createPlaybookParts = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const model = partModel(mongo.connection)
  return {
    /** The id of a part: `fresh` where nobody claimed it before. */
    async claim(playbook: string, kind: PartKind, part: string, fresh: string, by: string): Promise<string> {
      const doc = await model
        .findOneAndUpdate(
          { _id: `${playbook}:${kind}:${part}` },
          { $setOnInsert: { playbook, ref: fresh, at: clock.date(), by } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean()
      return doc.ref
    },
    /** The ids of a playbook’s parts by `kind:part`. */
    async of(playbook: string): Promise<ReadonlyMap<string, string>> {
      const docs = await model.find({ playbook }).lean()
      return new Map(docs.map(({ _id, ref }) => [_id.slice(playbook.length + 1), ref]))
    },
  }
}

export type PlaybookParts = ReturnType<typeof createPlaybookParts>
