import { z } from 'zod'
import { GroupTierRule } from '../group-tier.ts'
import { SendLimits } from '../intent.ts'
import { StageSettings } from '../stage.ts'
import { endpoint, none } from './endpoint.ts'

/** What a manager can tune; every figure has a default. */
export const Settings = z.object({
  stages: StageSettings,
  limits: SendLimits,
  groupTiers: GroupTierRule,
  timezone: z.string(),
})
export type Settings = z.infer<typeof Settings>

export const settings = {
  get: endpoint({
    method: 'GET',
    path: '/api/settings',
    permission: 'manager',
    summary: 'Thresholds of stages and sending',
    params: none,
    query: none,
    body: none,
    output: Settings,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/settings',
    permission: 'manager',
    summary: 'Change thresholds; stages are worked out anew',
    params: none,
    query: none,
    body: Settings.omit({ timezone: true }).partial(),
    output: Settings,
  }),
}
