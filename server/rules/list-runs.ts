import type { RunState } from '@zhiyin/shared/rule'
import type { RunDoc, runCollection } from './runs.model.ts'

export type RunQuery = { ruleId: string; state?: RunState | undefined; limit: number; after?: string | undefined }
export type RunItem = Omit<RunDoc, '_id' | 'claim' | 'untold' | 'lookAt' | 'heldAt' | 'open'> & { id: string }

const itemOf = ({
  _id,
  claim: _claim,
  untold: _untold,
  lookAt: _look,
  heldAt: _held,
  open: _open,
  ...rest
}: RunDoc): RunItem => ({
  id: _id,
  ...rest,
})

/** One page of a rule's runs, newest first; the cursor is the id of the last one. */
export const listRuns = async (
  runs: ReturnType<typeof runCollection>,
  { ruleId, state, limit, after }: RunQuery,
): Promise<{ items: RunItem[]; next: string | null }> => {
  const found = await runs
    .find({
      ruleId,
      ...(state === undefined ? {} : { state }),
      ...(after === undefined ? {} : { _id: { $lt: after } }),
    })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .toArray()
  const items = found.slice(0, limit).map(itemOf)
  return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Those of these runs whose customer has reached the goal or left before the end. */
export const overBefore =
  (runs: ReturnType<typeof runCollection>) =>
  async (runIds: readonly string[]): Promise<ReadonlySet<string>> => {
    if (runIds.length === 0) return new Set()
    const over = await runs
      .find({ _id: { $in: [...runIds] }, state: { $in: ['goal', 'exited'] } }, { projection: { _id: 1 } })
      .toArray()
    return new Set(over.map(({ _id }) => _id))
  }
