import { handlersOf, mergeHandlers } from '@zhiyin/shared/events'
import type { JobName } from '../../../server/flow/jobs.ts'
import { createInbox } from '../../../server/inbox/inbox.ts'
import { createDepartments } from '../../../server/members/departments.ts'
import { membersHandlers } from '../../../server/members/handlers.ts'
import { createMembers } from '../../../server/members/members.ts'
import { createHere } from '../../../server/members/here.ts'
import { createMembersRead } from '../../../server/members/read.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import { createSyncRead } from '../../../server/sync/read.ts'
import type { KeptGroup } from '../../../server/sync/recheck.ts'
import { createSync } from '../../../server/sync/sync.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTags, tagsHandlers } from '../../../server/tags/tags.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import type { MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'

/** The rooms a comparison touches, on a real database and a WeCom over HTTP; the queue is a list that `work` empties. */
export const createRooms = (mongo: Mongo, clock: MovableClock, wecom: Wecom) => {
  const tagsRead = createTagsRead({ mongo })
  const engine = customerEngine(mongo, clock, {
    getCustomer: wecom.read.getCustomer,
    tagsByWecomId: async (ids) =>
      new Map((await tagsRead.byWecomIds(ids)).flatMap((tag) => (tag.wecomId === null ? [] : [[tag.wecomId, tag]]))),
  })
  const { newId } = engine
  const queue: { name: JobName; payload: unknown }[] = []
  const access = { changed: async () => undefined }
  const members = createMembers({ mongo, clock, wecom: wecom.read, access })
  const departments = createDepartments({ mongo, wecom: wecom.read, access })
  const membersRead = createMembersRead({ mongo })
  const tags = createTags({
    mongo,
    clock,
    newId,
    log: quietLog,
    enqueue: async (name, payload) => void queue.push({ name, payload }),
    setup: wecom.setup,
    wecom: wecom.read,
    clear: engine.profile.clearTag,
    recompute: engine.profile.recompute.want,
    uses: async () => [],
  })
  const inbox = createInbox({
    mongo,
    clock,
    newId,
    enqueueMany: async (list) => void queue.push(...list),
    log: quietLog,
    metrics: createMetrics(),
    handlers: mergeHandlers(
      handlersOf(engine.profile.handlers),
      membersHandlers({ members, departments }),
      tagsHandlers(tags),
    ),
  })
  const groups = new Map<string, KeptGroup>()
  const sync = createSync({
    mongo,
    clock,
    newId,
    log: quietLog,
    enqueue: async (name, payload) => void queue.push({ name, payload }),
    zone: 'Asia/Shanghai',
    read: wecom.read,
    inbox: inbox.repair,
    members: { ...createHere({ mongo }), get: membersRead.get, save: members.save },
    tags: {
      get: async (id) => (await tagsRead.byWecomIds([id]))[0] ?? null,
      inWecom: async () =>
        (await tagsRead.list()).flatMap(({ wecomId, name, group }) =>
          wecomId === null ? [] : { wecomId, name, group },
        ),
      takeOver: tags.sync,
    },
    groups: {
      get: async (chatId) => groups.get(chatId) ?? null,
      ids: async () => [...groups.keys()],
      after: async (chatId) => [...groups.values()].filter((group) => group.chatId > chatId),
      refresh: async (chatId) => {
        const chat = await wecom.read.groupChat(chatId)
        if (chat === null) return
        const { name, owner, memberVersion = null } = chat
        groups.set(chatId, { chatId, name, owner, memberVersion })
      },
    },
    savePair: async (pair, askedAt) => void (await engine.profile.saveContactPair(pair, askedAt)),
  })

  const idsOf = (payload: unknown, key: string): string[] => {
    const list: unknown = typeof payload === 'object' && payload !== null && key in payload ? Object(payload)[key] : []
    return Array.isArray(list) ? list.map(String) : [String(list)]
  }
  /** Does what has been nudged; `most` jobs at most. */
  const work = async (most = Number.POSITIVE_INFINITY): Promise<void> => {
    for (let done = 0; done < most; done += 1) {
      const job = queue.shift()
      if (job === undefined) break
      if (job.name === 'sync.step')
        for (const runId of idsOf(job.payload, 'runId')) await sync.jobs['sync.step']({ runId })
      if (job.name === 'sync.confirm') await sync.jobs['sync.confirm']({ gapIds: idsOf(job.payload, 'gapIds') })
      if (job.name === 'inbox.handle') await inbox.handle(idsOf(job.payload, 'ids'), 'soon')
      if (job.name === 'inbox.handle_now') await inbox.handle(idsOf(job.payload, 'ids'), 'now')
      await engine.drain()
    }
  }
  const sweep = async (): Promise<void> => {
    await sync.sweep.run(clock.date())
    await work()
  }

  return {
    engine,
    inbox,
    sync,
    queue,
    work,
    sweep,
    groups,
    members,
    membersRead,
    tags,
    tagsRead,
    read: createSyncRead({ mongo, clock }),
  }
}
export type Rooms = ReturnType<typeof createRooms>
