import { rules } from '@zhiyin/shared/api/rules'
import type { Rule } from '@zhiyin/shared/rule'
import type { RuleSettings, RuleVersion } from '@zhiyin/shared/rule-version'
import { computed, type ComputedRef } from 'vue'
import { useCall } from '../../kit/call.ts'
import { useLoad, type Load } from '../../kit/load.ts'

/** What a rule waits for before its newest version takes customers in; null: nothing. */
export type Standing = 'asked' | 'rejected' | 'unasked' | 'approved' | null

/**
 * Where the newest version stands. Only where a second person's word is asked for can it be missing; who was asked is told either way.
 */
export const standingOf = (
  { live, version }: Pick<Rule, 'live' | 'version'>,
  newest: Pick<RuleVersion, 'review'> | undefined,
  { approval }: RuleSettings,
): Standing => {
  if (newest === undefined || live === version) return null
  const state = newest.review?.state
  if (state === undefined) return approval ? 'unasked' : null
  return state
}

/** Whether a second person has to say yes first: it cannot be switched on before. */
export const awaitsWord = (standing: Standing): boolean =>
  standing === 'unasked' || standing === 'asked' || standing === 'rejected'

type Versions = {
  readonly load: Load<{ items: RuleVersion[]; settings: RuleSettings }>
  readonly newest: ComputedRef<RuleVersion | undefined>
}

/** The versions of a rule, and whether they need a second person's word. */
export const useVersions = (id: string): Versions => {
  const call = useCall()
  const load = useLoad(async () => {
    const [{ items }, settings] = await Promise.all([call(rules.versions, { params: { id } }), call(rules.settings)])
    return { items, settings }
  })
  return { load, newest: computed(() => load.data.value?.items[0]) }
}
