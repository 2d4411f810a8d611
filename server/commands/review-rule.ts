import type { Audit } from '../audit/audit.ts'
import { writerOf, type SignedIn } from '../platform/actor.ts'
import type { Rules } from '../rules/room.ts'

type Deps = { rules: Pick<Rules, 'store' | 'approval' | 'decide'>; audit: Audit }
type Stored = Awaited<ReturnType<Rules['decide']>>

/** A version of a rule goes to a second person, who says yes or no. */
export const reviewRule = ({ rules, audit }: Deps) => ({
  /** Throws not_found, conflict.changed. */
  async ask(actor: SignedIn, id: string, version: number, words: string): Promise<Stored> {
    const rule = await rules.store.get(id)
    await rules.approval.ask(id, version, writerOf(actor), 'finish', words)
    await audit.record({ actor, act: 'rule.ask', subject: `rule:${id}`, detail: { name: rule.name, version } })
    return rule
  },
  /** Throws rule.own_approval, rule.not_asked, conflict.changed. */
  async decide(
    actor: SignedIn,
    id: string,
    { version, yes, words }: { version: number; yes: boolean; words: string },
  ): Promise<Stored> {
    const rule = await rules.decide(id, version, writerOf(actor), { yes, words })
    const detail = { name: rule.name, version, words }
    await audit.record({ actor, act: yes ? 'rule.approve' : 'rule.reject', subject: `rule:${id}`, detail })
    return rule
  },
  async setApproval(actor: SignedIn, approval: boolean) {
    const settings = await rules.approval.setSettings({ approval })
    await audit.record({ actor, act: 'rule.settings', subject: 'rules', detail: settings })
    return settings
  },
})
