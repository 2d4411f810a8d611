import { api } from '@zhiyin/shared/api'
import { RuleInput, type Rule } from '@zhiyin/shared/rule'
import { stages } from '@zhiyin/shared/stage'
import type { RuleKey, rulesOf } from './rules.ts'
import type { Product } from './product.ts'

const before: readonly RuleKey[] = ['welcome', 'care', 'birthday']
const after: readonly RuleKey[] = ['recall', 'lost']

/** Writes the rules and switches them on. */
export const connectRules = ({ call }: Product) => {
  const turnOn = async (rule: Rule): Promise<void> => {
    if (rule.status !== 'on') await call(api.rules.turnOn, { params: { id: rule.id } })
  }

  const isLeftAlone = async (rule: Rule, customerId: string): Promise<boolean> => {
    const trigger = { type: 'stage.entered' as const, stages: [...stages] }
    const { rows } = await call(api.rules.dryRun, {
      body: { ...RuleInput.parse(rule), id: rule.id, trigger, limit: 500 },
    })
    return rows.some((row) => row.customerId === customerId && row.outcome === 'holdout')
  }

  return {
    /** Saves all; those that greet and care are on from the first morning. Answers the ids. */
    async write(wanted: ReturnType<typeof rulesOf>): Promise<Record<string, string>> {
      const { items } = await call(api.rules.list)
      const ids: Record<string, string> = {}
      for (const key of [...before, ...after]) {
        const body = wanted[key]
        const rule = items.find(({ name }) => name === body.name) ?? (await call(api.rules.create, { body }))
        if (before.includes(key)) await turnOn(rule)
        ids[key] = rule.id
      }
      return ids
    },
    /**
     * Switches the recalls on once the first customer is known. Who is left alone on purpose hangs on a rule's id; should the dice
     * have chosen the very customer whom the tour shows, the two drafts change places.
     */
    async turnOnRecalls(ids: Record<string, string>, customerId: string): Promise<void> {
      const get = (key: RuleKey): Promise<Rule> => call(api.rules.get, { params: { id: ids[key] ?? '' } })
      const [recall, lost] = await Promise.all([get('recall'), get('lost')])
      if (recall.status !== 'on' && (await isLeftAlone(recall, customerId))) {
        const change = (rule: Rule, to: Rule): Promise<Rule> =>
          call(api.rules.update, { params: { id: rule.id }, body: { ...RuleInput.parse(to), version: rule.version } })
        await turnOn(await change(lost, recall))
        await turnOn(await change(recall, lost))
        ids['recall'] = lost.id
        ids['lost'] = recall.id
        return
      }
      await turnOn(recall)
      await turnOn(lost)
    },
  }
}
