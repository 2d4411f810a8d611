import { playbooks as endpoints } from '@zhiyin/shared/api/playbooks'
import { playbookOf, rulesOf, trades } from '@zhiyin/shared/playbooks'
import { installPlaybook } from '../commands/install-playbook.ts'
import { notFound } from '../platform/errors.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof installPlaybook>[0]

export const playbooksApi = (deps: Deps): Bound[] => {
  const install = installPlaybook(deps)
  return [
    bind(endpoints.list, async ({ lang }) => ({
      items: await Promise.all(
        trades.map(async (trade) => {
          const claimed = await deps.parts.of(trade.id)
          const there = new Map<string, string>()
          for (const key of rulesOf(trade)) {
            const id = claimed.get(`rule:${key}`)
            if (id !== undefined && (await deps.rules.store.has(id))) there.set(key, id)
          }
          return playbookOf(trade, lang, (key) => there.get(key) ?? null)
        }),
      ),
    })),
    bind(endpoints.install, async ({ actor, params, body, lang }) => {
      const trade = trades.find(({ id }) => id === params.id)
      if (trade === undefined) throw notFound('playbook', params.id)
      const offered = rulesOf(trade)
      const wanted = body.rules ?? offered
      const missing = wanted.find((key) => !offered.includes(key))
      if (missing !== undefined) throw notFound('playbook', `${params.id}/${missing}`)
      return install(actor, trade, [...new Set(wanted)], lang, body.couponId ?? null)
    }),
  ]
}
