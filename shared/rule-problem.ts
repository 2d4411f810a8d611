import { z } from 'zod'

/** What is wrong with a rule. `error` keeps it from being switched on; a `warning` is for a person to weigh. `stepId`: where. */
export const RuleProblem = z.object({
  key: z.string(),
  level: z.enum(['error', 'warning']),
  stepId: z.string().nullable(),
  text: z.string(),
})
export type RuleProblem = z.infer<typeof RuleProblem>
