import type { Mongo } from '../platform/mongo.ts'
import type { Sealing } from '../platform/vault.ts'
import type { Holding } from '../privacy/types.ts'
import { createPieces } from './pieces.ts'
import { segmentCollections } from './segments.model.ts'

type Deps = { mongo: Mongo; vault: Sealing }

/** Files of segments in which a person stands: nobody takes one line out of a file that is kept, so it goes. */
export const createSegmentsPersonal = ({ mongo, vault }: Deps): Holding => {
  const { exports } = segmentCollections(mongo.connection)
  const pieces = createPieces({ mongo, vault })

  return {
    room: 'segments',
    collect: async () => ({}),
    async forget({ ids: numbers }) {
      const ids = [...(await pieces.naming(numbers))]
      await exports.updateMany({ _id: { $in: ids } }, { $set: { state: 'expired' }, $unset: { lookAt: 1 } })
      for (const id of ids) await pieces.drop(id)
      return { files: ids.length }
    },
  }
}
