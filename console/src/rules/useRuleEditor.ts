import { rules } from '@zhiyin/shared/api/rules'
import { ApiError } from '@zhiyin/shared/api/client'
import type { Rule } from '@zhiyin/shared/rule'
import type { Running } from '@zhiyin/shared/rule-version'
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useCall } from '../kit/call.ts'
import { useAct, type Act } from '../kit/load.ts'
import { draftOfRule, inputOf, type RuleDraft } from './draft.ts'
import { gapsOf } from './gaps.ts'

export type RuleEditor = {
  readonly draft: Ref<RuleDraft>
  /** The rule as last read or saved; undefined while it was never saved. */
  readonly rule: ShallowRef<Rule | undefined>
  readonly dirty: ComputedRef<boolean>
  readonly gaps: ComputedRef<{ path: string; gap: string }[]>
  readonly act: Act
  readonly conflict: ComputedRef<boolean>
  /** `running`: what becomes of customers under way where it is on; they finish on their version unless something else is said. */
  readonly save: (running?: Running) => Promise<boolean>
  readonly turnOn: (meetNow: boolean) => Promise<boolean>
  readonly pause: () => Promise<boolean>
  /** Reads the rule again; with `keep` the draft stays and only the version moves on. */
  readonly reload: (keep: boolean) => Promise<boolean>
}

/** A rule being edited: its draft, whether it differs from what is kept, and every change a person can make to it. */
export const useRuleEditor = (start: RuleDraft, kept?: Rule): RuleEditor => {
  const call = useCall()
  const draft = ref<RuleDraft>(start)
  const rule = shallowRef<Rule | undefined>(kept)
  const act = useAct()
  const savedAs = ref(kept === undefined ? '' : JSON.stringify(inputOf(start)))
  const dirty = computed(() => JSON.stringify(inputOf(draft.value)) !== savedAs.value)
  const gaps = computed(() => gapsOf(draft.value))
  const conflict = computed(() => act.error.value instanceof ApiError && act.error.value.code === 'conflict.changed')

  const take = (answer: Rule) => {
    rule.value = answer
  }
  const save = (running: Running = 'finish') =>
    act.run(async () => {
      const input = inputOf(draft.value)
      const known = rule.value
      take(
        known === undefined
          ? await call(rules.create, { body: input })
          : await call(rules.update, { params: { id: known.id }, body: { ...input, version: known.version, running } }),
      )
      savedAs.value = JSON.stringify(input)
    })
  const onRule = (change: (id: string) => Promise<Rule>) =>
    act.run(async () => {
      if (rule.value !== undefined) take(await change(rule.value.id))
    })
  return {
    draft,
    rule,
    dirty,
    gaps,
    act,
    conflict,
    save,
    turnOn: (meetNow) => onRule((id) => call(rules.turnOn, { params: { id }, body: { meetNow } })),
    pause: () => onRule((id) => call(rules.pause, { params: { id } })),
    reload: (keep) =>
      onRule(async (id) => {
        const answer = await call(rules.get, { params: { id } })
        savedAs.value = JSON.stringify(inputOf(draftOfRule(answer)))
        if (!keep) draft.value = draftOfRule(answer)
        return answer
      }),
  }
}
