import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import { createDeliver } from '../../server/events/deliver.ts'
import { createFacts } from '../../server/events/facts.ts'
import { createFactsRead } from '../../server/events/read.ts'
import { createFactsBacklog, createFactsSweep } from '../../server/events/sweep.ts'
import { jobs, type Enqueue, type JobName } from '../../server/flow/jobs.ts'
import { createIds } from '../../server/platform/id.ts'
import type { Mongo } from '../../server/platform/mongo.ts'
import { rfmScheme } from '../../server/profile/default-scheme.ts'
import { createDefinitions } from '../../server/profile/definitions.ts'
import { createProfile, type ProfileDeps } from '../../server/profile/profile.ts'
import { createProfileRead, type CustomerDetail } from '../../server/profile/read.ts'
import { createSettings } from '../../server/settings/settings.ts'
import type { Definitions } from '../../server/profile/types.ts'
import type { MovableClock } from './clock.ts'
import { quietLog } from './log.ts'

type Wecom = Pick<
  ProfileDeps,
  'getCustomer' | 'handOverOf' | 'channelByState' | 'wantTag' | 'tagNames' | 'tagsByWecomId' | 'blind'
>

const nobody: Wecom = {
  getCustomer: async () => null,
  handOverOf: async () => null,
  channelByState: async () => null,
  wantTag: async () => undefined,
  tagNames: async () => new Map(),
  tagsByWecomId: async () => new Map(),
}

/**
 * The real rooms events, profile and settings on a real database, with the queue replaced by a list: `drain` does what was
 * nudged, `sweep` looks for what is due first. `matched` is what the rules would have seen.
 */
export const customerEngine = (
  mongo: Mongo,
  clock: MovableClock,
  wecom: Partial<Wecom> = {},
  /** What managers have defined over the defaults. */
  defined: () => Promise<Partial<Omit<Definitions, 'version'>>> = async () => ({}),
) => {
  const nudged: { name: JobName; payload: unknown }[] = []
  const matched: Fact[] = []
  const newId = createIds(clock)
  let run: ((name: JobName, payload: unknown) => Promise<void>) | null = null
  const enqueue: Enqueue = async (name, payload) => {
    nudged.push({ name, payload })
  }
  let changed = async (): Promise<void> => undefined
  const settings = createSettings({ mongo, clock, timezone: 'Asia/Shanghai', onChange: () => changed() })
  const definitions = createDefinitions({
    clock,
    parts: async () => {
      const { stages } = await settings.fresh()
      return {
        stages,
        schemes: [rfmScheme()],
        attributes: builtInAttributes,
        tagRules: [],
        tags: { exclusive: [], expiry: {} },
        segments: [],
        ...(await defined()),
      }
    },
  })
  const facts = createFacts({ mongo, clock, enqueue, log: quietLog })
  const profile = createProfile({
    mongo,
    clock,
    newId,
    log: quietLog,
    enqueue,
    definitions,
    facts,
    concerns: async () => () => true,
    ...nobody,
    ...wecom,
  })
  changed = profile.recompute.want
  const deliver = createDeliver({
    facts,
    foldSome: profile.foldSome,
    match: async (_id, seen) => {
      matched.push(...seen)
    },
  })
  const ids = (payload: unknown): string[] =>
    typeof payload === 'object' && payload !== null && 'customerIds' in payload && Array.isArray(payload.customerIds)
      ? payload.customerIds.map(String)
      : []
  run = async (name, payload) => {
    if (name === 'facts.deliver') await deliver(ids(payload))
    else if (name === 'profile.merge' && typeof payload === 'object' && payload !== null && 'mergeId' in payload)
      await profile.identities.work(String(payload.mergeId))
    else if (name === 'profile.due') await profile.due(ids(payload))
    else if (name === 'profile.recompute' && typeof payload === 'object' && payload !== null && 'after' in payload)
      await profile.recompute.next(typeof payload.after === 'string' ? payload.after : null)
    else if (name === 'profile.upgrade') {
      const { step, after } = jobs[name].payload.parse(payload)
      await profile.upgrade.next(step, after)
    }
  }
  const drain = async (): Promise<void> => {
    for (let job = nudged.shift(); job !== undefined; job = nudged.shift()) await run?.(job.name, job.payload)
  }
  const sweeps = [createFactsSweep({ mongo, facts }), ...profile.sweeps]
  return {
    facts,
    profile,
    settings,
    definitions,
    deliver,
    drain,
    matched,
    nudged,
    newId,
    enqueue,
    read: createProfileRead(mongo),
    /** WeCom was asked at `fetchedAt` and has told this; answers the customer. */
    told: async (detail: CustomerDetail, fetchedAt: Date): Promise<string> =>
      (await profile.saveContactSnapshot(detail, { fetchedAt })).customerId,
    timeline: createFactsRead(mongo),
    backlogs: [createFactsBacklog(mongo), profile.backlog],
    sweep: async (): Promise<void> => {
      for (const sweep of sweeps) await sweep.run(clock.date())
      await drain()
    },
    /** Appends facts and does everything that follows from them. */
    tell: async (...news: NewFact[]): Promise<void> => {
      await facts.append(news)
      await drain()
    },
  }
}
