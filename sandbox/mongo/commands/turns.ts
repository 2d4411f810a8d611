import { setImmediate as nextTurn } from 'node:timers/promises'
import { MongoError } from '../errors.ts'
import type { Collection } from '../store/catalog.ts'
import type { Request } from './request.ts'

const SHARE_MS = 2

/**
 * What makes a long read let other commands pass, as MongoDB's reads yield: whenever it has worked for 2 ms, it waits for its next turn.
 * What others have written by then it may or may not see.
 */
export class Turns {
  private began = performance.now()
  private readonly stands: () => boolean

  /** `stands` tells whether what is read is still there. */
  constructor(stands: () => boolean) {
    this.stands = stands
  }

  get isOver(): boolean {
    return performance.now() - this.began > SHARE_MS
  }

  /** Begins a turn: time at rest between two commands does not count. */
  begin(): void {
    this.began = performance.now()
  }

  /** Waits for the next turn. Throws QueryPlanKilled when what is read has been dropped. */
  async pass(): Promise<void> {
    await nextTurn()
    if (!this.stands()) throw new MongoError(175, 'the collection was dropped while it was being read')
    this.begin()
  }
}

/** The turns of a command that reads a collection; in a transaction, which reads a snapshot and holds locks, it does not let go. */
export function turnsOf({ server, transaction }: Request, coll: Collection | undefined): Turns | undefined {
  if (transaction !== undefined || coll === undefined) return undefined
  return new Turns(() => server.engine.catalog.get(coll.ns) === coll)
}

/** Does a piece of work that says when it can be held up, and gives what it returns. */
export async function inTurns<T>(work: Generator<undefined, T>, turns: Turns | undefined): Promise<T> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value
    if (turns?.isOver === true) await turns.pass()
  }
}
