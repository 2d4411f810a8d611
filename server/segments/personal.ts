import type { Mongo } from '../platform/mongo.ts'
import type { Holding } from '../privacy/types.ts'
import { segmentCollections } from './segments.model.ts'

/** Files of segments in which a person stands: nobody can take one line out of a file, so it goes. Every line begins with the customer. */
export const createSegmentsPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const { pieces } = segmentCollections(connection)

  return {
    room: 'segments',
    collect: async () => ({}),
    async forget({ customerId }) {
      const exportIds = new Set<string>()
      for await (const { _id, bytes } of pieces.find({}))
        if (Buffer.from(bytes.buffer.subarray(0, bytes.position)).includes(customerId))
          exportIds.add(_id.slice(0, _id.indexOf(':')))
      for (const id of exportIds) await pieces.deleteMany({ _id: { $gt: `${id}:`, $lt: `${id};` } })
      return { files: exportIds.size }
    },
  }
}
