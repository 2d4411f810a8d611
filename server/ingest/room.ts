import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Hide } from './hide.ts'
import { createIngest, type IngestDeps } from './ingest.ts'
import { createIngestPersonal } from './personal.ts'
import { createReceived } from './received.ts'
import { createRejects } from './rejects.ts'

type Deps = Omit<IngestDeps, 'rejects' | 'received'> & {
  mongo: Mongo
  log: Log
  /** The company's time zone. */
  zone: string
  hide?: Hide
}

export type IngestRoom = ReturnType<typeof createIngestRoom>

/** Data from shops and apps: taken in, counted, and what is not taken kept with why. */
export const createIngestRoom = (deps: Deps) => {
  const rejects = createRejects(deps)
  const received = createReceived(deps)
  return {
    ingest: createIngest({ ...deps, rejects, received }),
    rejects,
    received,
    /** What is kept of people outside their facts. */
    personal: createIngestPersonal({ rejects, received }),
  }
}
