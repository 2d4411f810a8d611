import { rules } from '@zhiyin/shared/api/rules'
import type { DryRun, RuleInput } from '@zhiyin/shared/rule'
import { useCall } from '../kit/call.ts'
import { useTrial, type Trial } from '../kit/trial.ts'

export type DryRunState = Trial<DryRun>

/** Tries a rule's draft whenever it has rested for a moment. */
export const useDryRun = (input: () => (RuleInput & { id?: string }) | null, restMs = 600): DryRunState => {
  const call = useCall()
  return useTrial(input, (draft) => call(rules.dryRun, { body: { ...draft, limit: 100 } }), restMs)
}
