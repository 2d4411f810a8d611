import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomMedia } from '../wecom/types.ts'
import { createFiles } from './files.ts'
import { createPut } from './put.ts'
import { createRenew } from './renew.ts'
import { createUploads } from './uploads.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  wecom: WecomMedia
  /** The files that rules which are on would send. */
  bound: () => Promise<ReadonlySet<string>>
}

/** The media library (素材库): keeps the originals, and what WeCom has of them ready. */
export const createMedia = (deps: Deps) => {
  const files = createFiles(deps)
  const uploads = createUploads({ ...deps, put: createPut({ files, wecom: deps.wecom }) })
  const { renew, sweep, backlog, prefetch } = createRenew({ ...deps, files, uploads })
  return {
    files,
    mediaIdFor: uploads.mediaIdFor,
    forget: uploads.forget,
    states: uploads.states,
    prefetch,
    jobs: { 'media.renew': ({ ids }: { ids: readonly string[] }) => renew(ids) },
    sweep,
    backlog,
  }
}

export type Media = ReturnType<typeof createMedia>
export type { AssetDoc } from './media.model.ts'
