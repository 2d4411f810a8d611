import { tagRules as endpoints } from '@zhiyin/shared/api/tags'
import type { TagRule, TagRuleDry, TagRuleVersion } from '@zhiyin/shared/tag-rule'
import { writeTagRule } from '../commands/write-tag-rule.ts'
import { scopeOf, type SignedIn } from '../platform/actor.ts'
import type { TagRuleItem, TagRules } from '../tags/rules.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeTagRule>[0] & { tagRules: TagRules }

const present = ({ rule, tag }: TagRuleItem, customers: number): TagRule => ({
  id: rule._id,
  name: rule.name,
  tagId: rule.tagId,
  tag: tag?.name ?? '',
  group: tag?.group ?? '',
  condition: rule.condition,
  on: rule.on,
  version: rule.version,
  customers,
  tagGone: tag === null,
  updatedAt: rule.updatedAt.toISOString(),
  updatedBy: rule.updatedBy,
})

const presentVersion = ({
  name,
  tagId,
  condition,
  version,
  at,
  by,
}: Awaited<ReturnType<TagRules['versions']>>[number]): TagRuleVersion => ({
  name,
  tagId,
  condition,
  version,
  at: at.toISOString(),
  by,
})

const presentDry = (
  { at, rows, ...counts }: Awaited<ReturnType<TagRules['dryRun']>>,
  limited: boolean,
): TagRuleDry => ({
  ...counts,
  limited,
  at: at.toISOString(),
  rows: rows.map(({ view, change, because }) => ({
    customerId: view.id,
    customer: view.name,
    change,
    because: [...because],
  })),
})

export const tagRulesApi = ({ tagRules, audit }: Deps): Bound[] => {
  const write = writeTagRule({ tagRules, audit })
  const one = async (actor: SignedIn, item: TagRuleItem): Promise<TagRule> =>
    present(item, await tagRules.keptOn(item.rule, scopeOf(actor)))
  return [
    bind(endpoints.list, async ({ actor }) => ({
      items: await Promise.all((await tagRules.list()).map((item) => one(actor, item))),
    })),
    bind(endpoints.get, async ({ actor, params }) => ({
      ...(await one(actor, await tagRules.get(params.id))),
      versions: (await tagRules.versions(params.id)).map(presentVersion),
    })),
    bind(endpoints.create, async ({ actor, body }) => one(actor, await write.create(actor, body))),
    bind(endpoints.update, async ({ actor, params, body: { version, ...input } }) =>
      one(actor, await write.update(actor, params.id, version, input)),
    ),
    bind(endpoints.turn, async ({ actor, params, body }) => one(actor, await write.turn(actor, params.id, body.on))),
    bind(endpoints.remove, async ({ actor, params }) => {
      await write.remove(actor, params.id)
      return { ok: true as const }
    }),
    bind(endpoints.dryRun, async ({ actor, body: { id, ...input } }) => {
      const scope = scopeOf(actor)
      return presentDry(await tagRules.dryRun(input, id ?? null, scope), scope !== null)
    }),
  ]
}
