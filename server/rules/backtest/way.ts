import type { CollisionKind, WayKind } from '@zhiyin/shared/backtest'
import type { Because } from '@zhiyin/shared/because'
import type { RunLog } from '../runs.model.ts'

/** One thing that happens to a customer in virtual time; as `WayLine`, with moments as dates. */
export type Line = {
  readonly at: Date
  readonly kind: WayKind
  readonly stepId: string | null
  readonly arm: string | null
  readonly because: readonly Because[]
  readonly text: string | null
  /** A userid. */
  readonly rep: string | null
  readonly outcome: 'goal' | 'exited' | 'finished' | null
  /** Of a send without room: the rule or mass message it made way for. */
  readonly lostTo?: string | null
}

/** Another rule or a mass message that had the customer in the same period of the platform's quota. `priority` null: as the rule has it today. */
export type Meeting = {
  readonly kind: CollisionKind
  readonly id: string
  readonly name: string
  readonly priority: number | null
}

/** All that would have happened to one customer. */
export type Way = { readonly customerId: string; readonly lines: readonly Line[]; readonly met: readonly Meeting[] }

export const line = (
  at: Date,
  kind: WayKind,
  over: Partial<Omit<Line, 'at' | 'kind'>> & { because?: readonly Because[] } = {},
): Line => ({ at, kind, stepId: null, arm: null, because: [], text: null, rep: null, outcome: null, ...over })

/** What a run's log says of a step; its send is told by what becomes of it. */
export const stepLine = ({ stepId, at, what, arm, because }: RunLog): Line =>
  line(at, what === 'wait' ? 'waiting' : 'step', { stepId, arm: arm ?? null, because })
