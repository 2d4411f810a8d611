import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomRead, WecomSetup } from '../wecom/types.ts'
import { createTagChanges } from './changes.ts'
import { createPush } from './push.ts'
import { createTakeOver } from './take-over.ts'
import type { TagUse } from './uses.ts'
import { createTagWork, type ClearTag } from './work.ts'

export type TagsDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  log: Log
  enqueue: Enqueue
  setup: Pick<WecomSetup, 'addCorpTag' | 'editCorpTag' | 'deleteCorpTag'>
  wecom: Pick<WecomRead, 'corpTags'>
  clear: ClearTag
  recompute: () => Promise<void>
  /** Everything that asks for tags. */
  uses: () => Promise<readonly TagUse[]>
}

/** Corp tags, here and in WeCom: changed on either side, settled by time, and local beyond what WeCom takes. */
export const createTags = (deps: TagsDeps) => {
  const push = createPush(deps)
  const takeOver = createTakeOver(deps)
  const work = createTagWork({ ...deps, push })
  return {
    ...createTagChanges({ ...deps, push }),
    /** Takes over every corp tag of WeCom. `at`: when it changed there. Repeating it is harmless. */
    sync: takeOver,
    jobs: { 'tags.work': work.run },
    sweep: work.sweep,
    backlog: work.backlog,
  }
}

export type Tags = ReturnType<typeof createTags>

/**
 * Tag changes (标签变更) carry only an id, and a deleted group takes its tags with it: the list is read again, one call for all tags,
 * and one for all callbacks that come together.
 */
export const tagsHandlers = (tags: Pick<Tags, 'sync'>): EventHandlers => {
  const together = createGather(async (times: readonly Date[]): Promise<readonly void[]> => {
    await tags.sync(new Date(Math.max(...times.map((at) => at.getTime()))))
    return times.map(() => undefined)
  })
  return handlersOf((on) => {
    on(
      [
        'change_external_tag.create',
        'change_external_tag.update',
        'change_external_tag.delete',
        'change_external_tag.shuffle',
      ],
      { name: 'tags', lane: 'soon', run: ({ createTime }) => together(createTime) },
    )
  })
}
