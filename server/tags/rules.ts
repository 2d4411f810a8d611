import { leavesOf, type Condition } from '@zhiyin/shared/condition'
import type { TagRuleInput } from '@zhiyin/shared/tag-rule'
import { seenBy } from '../conditions/filter.ts'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { orderOf } from '../profile/read.ts'
import type { Definitions, TagRule } from '../profile/types.ts'
import { createTagRuleDryRun, type DryRunDeps } from './rules-dry-run.ts'
import { tagRuleModel, tagRuleVersionModel, type TagRuleDoc, type TagRuleVersionDoc } from './rules.model.ts'
import type { TagsRead, TagView } from './read.ts'

export type TagRulesDeps = Omit<DryRunDeps, 'needsGrant' | 'tagNow'> & {
  mongo: Mongo
  clock: Clock
  newId: NewId
  tagsRead: Pick<TagsRead, 'byIds'>
  /** As they stand now. */
  definitions: () => Promise<Definitions>
  recompute: () => Promise<void>
}
export type TagRuleItem = {
  readonly rule: TagRuleDoc
  readonly tag: TagView | null
}
export type TagRules = ReturnType<typeof createTagRules>

const mostVersions = 20

/** What a condition asks for that is not there. */
const missingIn = (
  condition: Condition,
  { attributes, segments, schemes }: Definitions,
  tags: ReadonlyMap<string, TagView>,
): string | null => {
  for (const leaf of leavesOf(condition)) {
    if (leaf.type === 'tag' && !tags.has(leaf.tagId)) return leaf.tag
    if (leaf.type === 'segment' && !segments.some(({ id }) => id === leaf.segmentId)) return leaf.segment
    if (leaf.type === 'level' && !schemes.some(({ id }) => id === leaf.schemeId)) return leaf.schemeId
    if (leaf.type === 'attribute' && !attributes.some(({ key }) => key === leaf.key)) return leaf.key
  }
  return null
}

/** Tag rules: written as drafts, tried, switched on and off; every save is a version of its own. */
export const createTagRules = (deps: TagRulesDeps) => {
  const { mongo, clock, newId, tagsRead, definitions, recompute, count } = deps
  const rules = tagRuleModel(mongo.connection)
  const versions = tagRuleVersionModel(mongo.connection)

  const get = async (id: string): Promise<TagRuleDoc> => {
    const doc = await rules.findById(id).lean<TagRuleDoc | null>()
    if (doc === null) throw notFound('tag rule', id)
    return doc
  }
  const tagsOf = async (docs: readonly Pick<TagRuleDoc, 'tagId'>[]): Promise<ReadonlyMap<string, TagView>> => {
    const found = await tagsRead.byIds(docs.map(({ tagId }) => tagId))
    return new Map(found.flatMap((tag) => (tag.deleted ? [] : [[tag.id, tag] as const])))
  }
  const items = async (docs: readonly TagRuleDoc[]): Promise<TagRuleItem[]> => {
    const tags = await tagsOf(docs)
    return docs.map((rule) => ({ rule, tag: tags.get(rule.tagId) ?? null }))
  }
  const ruleOf = ({ _id, name, tagId, condition, version }: TagRuleDoc, tag: string): TagRule => ({
    id: _id,
    version,
    name,
    tagId,
    tag,
    condition,
  })

  /** Throws tag_rule.no_tag, tag_rule.unknown, tag_rule.circle. */
  const mustWork = async (doc: TagRuleDoc): Promise<void> => {
    const asked = leavesOf(doc.condition).flatMap((leaf) => (leaf.type === 'tag' ? [leaf] : []))
    const tags = await tagsOf([doc, ...asked])
    const tag = tags.get(doc.tagId)
    if (tag === undefined) throw new AppError('tag_rule.no_tag', { status: 422 })
    const known = await definitions()
    const name = missingIn(doc.condition, known, tags)
    if (name !== null) throw new AppError('tag_rule.unknown', { status: 422, params: { name } })
    const next = { ...known, tagRules: [...known.tagRules.filter(({ id }) => id !== doc._id), ruleOf(doc, tag.name)] }
    const { circle } = orderOf(next)
    if (!circle.includes(`tag:${doc._id}`)) return
    const names = new Map<string, string>([
      ...next.segments.map((one) => [`segment:${one.id}`, one.name] as const),
      ...next.tagRules.map((one) => [`tag:${one.id}`, one.name] as const),
      ...next.schemes.map((one) => [`scheme:${one.id}`, one.name] as const),
    ])
    throw new AppError('tag_rule.circle', {
      status: 422,
      params: { names: circle.map((key) => `「${names.get(key) ?? key}」`).join('、') },
    })
  }
  const keepVersion = async (doc: TagRuleDoc): Promise<void> => {
    const { _id: ruleId, name, tagId, condition, version, updatedAt: at, updatedBy: by } = doc
    const set = { ruleId, name, tagId, condition, version, at, by }
    await versions.updateOne({ _id: `${ruleId}:${version}` }, { $set: set }, { upsert: true })
  }
  const itemOf = async (id: string): Promise<TagRuleItem> => {
    const [item] = await items([await get(id)])
    if (item === undefined) throw notFound('tag rule', id)
    return item
  }

  return {
    /** What those that are on say; a rule whose tag is gone keeps nothing on. */
    async definitions(): Promise<TagRule[]> {
      const docs = await rules.find({ on: true }).sort({ createdAt: 1, _id: 1 }).lean<TagRuleDoc[]>()
      const tags = await tagsOf(docs)
      return docs.flatMap((doc) => {
        const tag = tags.get(doc.tagId)
        return tag === undefined ? [] : [ruleOf(doc, tag.name)]
      })
    },
    list: async (): Promise<TagRuleItem[]> =>
      items(await rules.find().sort({ createdAt: 1, _id: 1 }).lean<TagRuleDoc[]>()),
    get: itemOf,
    /** How many of those within a scope it keeps its tag on. */
    keptOn: ({ _id, tagId }: Pick<TagRuleDoc, '_id' | 'tagId'>, scope: Scope): Promise<number> =>
      count(seenBy({ tagIds: tagId, 'ruleTags.ruleId': _id }, scope)),
    /** Newest first, at most 20. */
    versions: (ruleId: string): Promise<TagRuleVersionDoc[]> =>
      versions.find({ ruleId }).sort({ version: -1 }).limit(mostVersions).lean<TagRuleVersionDoc[]>().exec(),

    async create(input: TagRuleInput, by: string): Promise<TagRuleItem> {
      const now = clock.date()
      const doc = {
        ...input,
        _id: newId('tagRule'),
        on: false,
        version: 1,
        createdAt: now,
        updatedAt: now,
        updatedBy: by,
      }
      if ((await tagsOf([doc])).size === 0) throw new AppError('tag_rule.no_tag', { status: 422 })
      await rules.create([doc])
      await keepVersion(doc)
      return itemOf(doc._id)
    },

    /** Throws not_found, conflict.changed, and of one that is on what switching it on throws. */
    async update(
      id: string,
      version: number,
      { name, tagId, condition }: TagRuleInput,
      by: string,
    ): Promise<TagRuleItem> {
      const before = await get(id)
      const set = { name, tagId, condition, version: version + 1, updatedAt: clock.date(), updatedBy: by }
      const doc = { ...before, ...set }
      if (before.on) await mustWork(doc)
      const kept = await rules.updateOne({ _id: id, version }, { $set: set })
      if (kept.matchedCount === 0) throw new AppError('conflict.changed', { status: 409 })
      await keepVersion(doc)
      if (before.on) await recompute()
      return itemOf(id)
    },

    /** Throws not_found, tag_rule.no_tag, tag_rule.unknown, tag_rule.circle. */
    async turn(id: string, on: boolean, by: string): Promise<TagRuleItem> {
      const before = await get(id)
      if (before.on !== on) {
        if (on) await mustWork(before)
        await rules.updateOne({ _id: id }, { $set: { on, updatedAt: clock.date(), updatedBy: by } })
        await recompute()
      }
      return itemOf(id)
    },

    async remove(id: string): Promise<void> {
      const { on } = await get(id)
      await rules.deleteOne({ _id: id })
      await versions.deleteMany({ ruleId: id })
      if (on) await recompute()
    },

    dryRun: createTagRuleDryRun({
      ...deps,
      needsGrant: async () => (await definitions()).profilingNeedsGrant ?? false,
      tagNow: async (id) => (await itemOf(id)).tag,
    }),
  }
}
