import type { TagRuleInput } from '@zhiyin/shared/tag-rule'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { TagRuleItem, TagRules } from '../tags/rules.ts'

type Deps = { tagRules: Pick<TagRules, 'create' | 'update' | 'turn' | 'remove'>; audit: Audit }

/** A manager writes tag rules, switches them on and off, and removes them. */
export const writeTagRule = ({ tagRules, audit }: Deps) => {
  const noted = async (actor: SignedIn, act: string, item: TagRuleItem): Promise<TagRuleItem> => {
    const { _id, name, tagId, version } = item.rule
    await audit.record({ actor, act, subject: `tag_rule:${_id}`, detail: { name, tagId, version } })
    return item
  }
  return {
    create: async (actor: SignedIn, input: TagRuleInput) =>
      noted(actor, 'tag_rule.create', await tagRules.create(input, nameOf(actor))),
    update: async (actor: SignedIn, id: string, version: number, input: TagRuleInput) =>
      noted(actor, 'tag_rule.update', await tagRules.update(id, version, input, nameOf(actor))),
    turn: async (actor: SignedIn, id: string, on: boolean) =>
      noted(actor, on ? 'tag_rule.on' : 'tag_rule.off', await tagRules.turn(id, on, nameOf(actor))),
    remove: async (actor: SignedIn, id: string): Promise<void> => {
      await tagRules.remove(id)
      await audit.record({ actor, act: 'tag_rule.remove', subject: `tag_rule:${id}`, detail: {} })
    },
  }
}
