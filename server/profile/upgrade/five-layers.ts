import { noConsents } from '@zhiyin/shared/consent'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection } from '../customers.model.ts'
import { rfmScheme } from '../default-scheme.ts'
import type { Step } from './step.ts'

const limit = 2000

const scheme = rfmScheme()
const inGroups = { $filter: { input: '$state.groups', as: 'group', cond: '$$group.in' } }

/** The class they had was a level of the scheme that has its thresholds now. */
const level = {
  scheme: scheme.id,
  level: { $toLower: '$tier.tier' },
  tier: '$tier.tier',
  since: '$tier.since',
  because: '$tier.because',
  rfm: { scores: '$tier.scores', group: '$tier.group' },
}

/** What a customer has now and had not: nothing in it, or what the form before says. `refold` fills it from what happened to them. */
const fresh: Readonly<Record<string, unknown>> = {
  levels: [level],
  ruleTags: [],
  segments: [],
  groupIds: { $map: { input: inGroups, as: 'group', in: '$$group.chatId' } },
  attrs: [],
  did: [],
  conflicts: [],
  rejects: [],
  definitions: '',
  moveVersion: 0,
  consents: noConsents,
  'state.consents': [],
  'state.lists': [],
  'state.events': [],
  'state.computed': [],
}
const filled = Object.fromEntries(
  Object.entries(fresh).map(([path, value]) => [path, { $ifNull: [`$${path}`, value] }] as const),
)
/** When a tag was put on is when it was last told of, as far as is known here. */
const tags = {
  $map: {
    input: '$state.tags',
    as: 'tag',
    in: { $mergeObjects: [{ putAt: { $cond: ['$$tag.on', '$$tag.at', null] } }, '$$tag'] },
  },
}

/**
 * Customers of before there were five layers, several tier schemes, tag rules and segments get the fields they lack. By the database
 * itself, so that 100,000 take seconds.
 */
export const fillFiveLayers = ({ connection }: Pick<Mongo, 'connection'>): Step => {
  const customers = customerCollection(connection)
  const lacking = { $or: Object.keys(fresh).map((path) => ({ [path]: { $exists: false } })) }
  return {
    name: 'five-layers',
    async next(after) {
      const found = await customers
        .find({ _id: { $gt: after ?? '' }, ...lacking }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray()
      const last = found.at(-1)?._id
      if (last === undefined) return { last: null, count: 0 }
      await customers.updateMany({ _id: { $gt: after ?? '', $lte: last }, ...lacking }, [
        { $set: { ...filled, 'state.tags': tags, rev: { $add: ['$rev', 1] } } },
        { $unset: ['tier.group', 'tier.scores', 'tier.because'] },
      ])
      return { last: found.length < limit ? null : last, count: found.length }
    },
  }
}
