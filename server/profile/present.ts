import type { z } from 'zod'
import { purposes } from '@zhiyin/shared/consent'
import type { CustomerProfile, CustomerRow, Follow } from '@zhiyin/shared/customer'
import type { CustomerDoc } from './customers.model.ts'
import { layersOf } from './layers.ts'
import { levelsOf } from './present-levels.ts'
import { personOf } from './place/person.ts'
import { placeAt } from './place/place-at.ts'
import { tagsOf } from './present-tags.ts'
import { averageOf, interactionsWithin } from './signals.ts'
import { handedTo, isHalf, standing } from './state/follows.ts'
import type { TagName } from './snapshot.ts'
import { standingOf } from './state/consents.ts'
import type { Definitions } from './types.ts'

export type Names = { readonly members: ReadonlyMap<string, string>; readonly tags: ReadonlyMap<string, TagName> }
type Row = z.input<typeof CustomerRow>
type Profile = z.input<typeof CustomerProfile>

const genders = ['unknown', 'male', 'female'] as const

/** Stage and tier as they stand, with the numbers of this moment: “silent for 42 days”, not the 30 of the day it began. */
const placeNow = (doc: CustomerDoc, definitions: Definitions, now: Date): Pick<Row, 'stage' | 'tier'> => {
  const place = placeAt(personOf(doc.state, doc.contact, definitions), definitions, now, doc)
  const [kept, fresh] = [doc.levels[0], place.levels[0]]
  const level = definitions.schemes[0].levels.find(({ key }) => key === kept?.level)
  const shown = kept !== undefined && fresh?.scheme === kept.scheme && fresh.level === kept.level ? fresh : kept
  const stage = place.stage.stage === doc.stage.stage ? place.stage : doc.stage
  return {
    stage: { stage: doc.stage.stage, since: doc.stage.since.toISOString(), because: [...stage.because] },
    tier: {
      tier: doc.tier.tier,
      level: level?.name ?? doc.tier.tier,
      ...(kept?.rfm ? { group: kept.rfm.group, scores: kept.rfm.scores } : {}),
      since: doc.tier.since.toISOString(),
      because: [...(shown?.because ?? [])],
    },
  }
}

/** One line of a list. */
export const rowOf = (doc: CustomerDoc, names: Names, definitions: Definitions, now: Date): Row => ({
  id: doc._id,
  name: doc.name,
  avatar: doc.contact?.avatar,
  externalUserId: doc.externalUserId ?? undefined,
  ...placeNow(doc, definitions, now),
  tags: tagsOf(doc, names.tags, definitions, now).map(({ id, name }) => ({ id, name })),
  reps: doc.follows
    .filter((follow) => follow.state === 'following')
    .map(({ userid }) => ({ userid, name: names.members.get(userid) ?? userid })),
  orders: doc.orders,
  spend: doc.spend,
  lastSeenAt: doc.lastSeenAt?.toISOString() ?? null,
})

/** The holds, the one added last first; those who hold the customer no more come last. */
const followsOf = (doc: CustomerDoc, names: Names): z.input<typeof Follow>[] => {
  const sender = doc.follows.find(({ state }) => state === 'following')?.userid
  const order = (userid: string): number => doc.follows.findIndex((row) => row.userid === userid)
  const gone = (userid: string): number => (doc.heldBy.includes(userid) ? 0 : 1)
  const sorted = [...doc.state.follows].sort(
    (a, b) => gone(a.userid) - gone(b.userid) || order(a.userid) - order(b.userid),
  )
  return sorted.map((follow) => {
    const { state, since } = standing(follow)
    const to = handedTo(follow)
    const told = doc.contact?.follows.find(({ userid }) => userid === follow.userid)
    return {
      userid: follow.userid,
      name: names.members.get(follow.userid) ?? follow.userid,
      state: to === null ? state : 'handed_over',
      since: since.toISOString(),
      ...(to === null || to === '' ? {} : { to: names.members.get(to) ?? to }),
      half: state === 'following' && isHalf(follow),
      sends: follow.userid === sender,
      remark: told?.remark,
      description: told?.description,
      company: told?.company,
      mobiles: told?.mobiles ?? [],
      channelId: follow.added?.channelId ?? undefined,
      channelName: follow.added?.channelName ?? undefined,
      addWay: told?.addWay ?? follow.added?.addWay ?? undefined,
    }
  })
}

/** The word that stands on every purpose, whether anything was said or not. */
const consentsIn = ({ state, consents }: CustomerDoc, names: Names): Profile['consents'] =>
  purposes.map((purpose) => {
    const { stands: told, overruled } = standingOf(state.consents, purpose)
    const by = told?.by ?? null
    return {
      purpose,
      state: consents[purpose],
      source: told?.source ?? null,
      by: by === null ? null : (names.members.get(by) ?? by),
      proof: told?.proof ?? null,
      at: told?.at.toISOString() ?? null,
      overruled:
        overruled === null
          ? null
          : { state: overruled.state, source: overruled.source, at: overruled.at.toISOString() },
    }
  })

/** The whole profile, as the sidebar and the console show it. */
export const profileOf = (doc: CustomerDoc, names: Names, definitions: Definitions, now: Date): Profile => {
  const person = personOf(doc.state, doc.contact, definitions)
  const { signals } = person
  const follows = followsOf(doc, names)
  const orders = signals.orders.length
  const consents = consentsIn(doc, names)
  return {
    ...rowOf(doc, names, definitions, now),
    levels: levelsOf(doc, definitions, now),
    remark: doc.contact?.follows.find((follow) => follow.remark)?.remark,
    fromWecom: doc.contact?.type === 2,
    gender: genders[doc.contact?.gender ?? 0] ?? 'unknown',
    addedAt: doc.state.firstContactAt?.toISOString() ?? null,
    channelName: follows.find((follow) => follow.channelName !== undefined)?.channelName,
    tags: tagsOf(doc, names.tags, definitions, now),
    follows,
    ...layersOf(doc.state, person.attributes, now, names.members, definitions),
    stats: {
      orders,
      spend: signals.spend,
      averageOrder: averageOf(signals.orders),
      medianGapDays: signals.medianGapDays,
      lastOrderAt: signals.lastOrderAt?.toISOString() ?? null,
      interactions30d: interactionsWithin(signals.interactions, 30, now),
    },
    consent: { marketing: doc.consent, since: consents.find(({ purpose }) => purpose === 'marketing')?.at ?? null },
    consents,
    segments: doc.segments.flatMap(({ id, since }) =>
      definitions.segments.flatMap((one) =>
        one.id === id ? [{ id, name: one.name, since: since.toISOString() }] : [],
      ),
    ),
    updatedAt: doc.updatedAt.toISOString(),
  }
}
