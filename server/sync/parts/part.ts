import type { Difference } from '../gaps.ts'
import type { RunDoc } from '../runs.model.ts'

/** What a step adds to its run. */
export type Counted = Partial<Pick<RunDoc, 'members' | 'customers' | 'groups'>>

export type Around = {
  readonly run: RunDoc
  /** Notes differences; each is looked at again before it counts. */
  suspect(found: readonly Difference[]): Promise<void>
  /** Says that the step is alive and how far it has come; throws when another process has taken the run over. */
  alive(counted?: Counted): Promise<void>
}

export type Step = {
  /** Where the next step of this part goes on; null: the part is over. */
  readonly place: string | null
  readonly set?: Partial<Pick<RunDoc, 'reps' | 'expected' | 'walkedFrom'>>
}

/** A part of a comparison, in steps of some seconds, each safe to repeat. */
export type Part = { step(around: Around): Promise<Step> }

/** So many holds would end that something else is likelier: the app's range was cut, or a secret is another's. */
export class Brake extends Error {
  readonly missing: number
  readonly held: number
  constructor(missing: number, held: number) {
    super(`${missing} of ${held} holds are not in WeCom's list`)
    this.missing = missing
    this.held = held
  }
}

/** Fewer than this are believed at once. */
const few = 20
const share = 0.2

/** Throws Brake when more than a fifth of what is held, and more than 20, would end. */
export const checkBrake = (run: Pick<RunDoc, 'force'>, missing: number, held: number): void => {
  if (!run.force && missing > few && missing > held * share) throw new Brake(missing, held)
}
