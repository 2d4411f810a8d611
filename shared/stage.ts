import { z } from 'zod'
import { Because } from './because/index.ts'

/** Lifecycle stages (生命周期). */
export const stages = ['potential', 'new', 'active', 'mature', 'silent', 'lost'] as const
export const Stage = z.enum(stages)
export type Stage = z.infer<typeof Stage>

/** Thresholds of the stages; days unless said otherwise. Source: product/domain.md defaults of the field. */
export const StageSettings = z.object({
  newDays: z.int().min(1).max(365).default(30),
  activeWindowDays: z.int().min(1).max(365).default(30),
  activeMinInteractions: z.int().min(1).max(1000).default(10),
  silentDays: z.int().min(1).max(365).default(30),
  lostDays: z.int().min(2).max(1000).default(90),
  /** The personal-rhythm rule: silent after this many of one's own median gaps between orders. */
  rhythmFactor: z.number().min(1).max(10).default(2),
  /** Orders needed before the personal rhythm counts. */
  rhythmMinOrders: z.int().min(3).max(100).default(4),
})
export type StageSettings = z.infer<typeof StageSettings>

export const StageState = z.object({ stage: Stage, since: z.iso.datetime(), because: z.array(Because) })
export type StageState = z.infer<typeof StageState>
