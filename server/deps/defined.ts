import { createAttributes } from '../attributes/attributes.ts'
import { usersOf } from '../attributes/users.ts'
import { createFactsBacklog } from '../events/sweep.ts'
import { createLevelsRead } from '../profile/levels/read.ts'
import { askingBroadcasts, askingDefinitions, askingRules, askingSegments } from '../segments/asking.ts'
import { createSegments } from '../segments/segments.ts'
import { createTiers } from '../tiers/tiers.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Settings } from './settings.ts'
import type { Customers } from './profile.ts'
import type { RuleRooms } from './rules.ts'
import type { Broadcasting } from './broadcasts.ts'
import type { Later } from './rooms.ts'

/** What managers define: attributes, segments, tier schemes; each is told what asks for it. */
export const joinDefined = (
  {
    log,
    clock,
    newId,
    zone,
    mongo,
    enqueue,
    vault,
    facts,
    profileRead,
    factsRead,
    names,
    tagNames,
    privacySettings,
    definitions,
    profile,
    rules,
    broadcasts,
  }: Base & Reads & Settings & Customers & RuleRooms & Broadcasting,
  later: Later,
) => {
  const asking = async () => [
    ...askingDefinitions(await definitions.fresh()),
    ...askingRules(await rules.store.list()),
    ...askingBroadcasts(await broadcasts.open()),
  ]
  const attributes = createAttributes({
    mongo,
    clock,
    enqueue,
    zone,
    recompute: () => profile.recompute.want(),
    backfill: profile.backfill,
    count: profile.countQuality,
    usersOf: async (key) => usersOf(key, [...(await asking()), ...askingSegments(await segments.rules())]),
  })
  const segments = createSegments({
    mongo,
    vault,
    sharingNeedsGrant: async () => (await privacySettings.get()).needsGrant.sharing,
    keepDays: async () => (await privacySettings.get()).retention.exports,
    onExpired: (files) => later().privacy.retain.note('exports', files),
    clock,
    newId,
    log,
    enqueue,
    customers: profileRead,
    definitions,
    recompute: profile.recompute,
    asking,
    append: facts.append,
    apart: { keep: facts.keep, deliver: (customerIds) => later().deliverApart(customerIds) },
    backlogs: [createFactsBacklog(mongo), profile.backlog],
    tagNames: async (ids) => new Map([...(await tagNames(ids))].map(([id, tag]) => [id, tag.name] as const)),
    repNames: names,
  })
  const tiers = createTiers({
    mongo,
    clock,
    newId,
    enqueue,
    zone,
    customers: createLevelsRead(mongo),
    facts: factsRead,
    definitions: () => definitions.fresh(),
    recompute: () => profile.recompute.want(),
    asking: async () => [...(await asking()), ...askingSegments(await segments.rules())],
  })
  return { asking, attributes, segments, tiers }
}

export type Defined = ReturnType<typeof joinDefined>
