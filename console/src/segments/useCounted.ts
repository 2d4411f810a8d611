import { segments } from '@zhiyin/shared/api/segments'
import type { Condition } from '@zhiyin/shared/condition'
import type { SegmentCount } from '@zhiyin/shared/segment'
import { gapsOfCondition } from '../conditions/tree.ts'
import { useCall } from '../kit/call.ts'
import { useTrial, type Trial } from '../kit/trial.ts'

/**
 * How many meet a condition while it is being written; null while there is nothing whole to ask. `everybody`: also those who may not be
 * profiled, whom only segments leave out.
 */
export const useCounted = (condition: () => Condition | null, everybody = false): Trial<SegmentCount> => {
  const call = useCall()
  return useTrial(
    () => {
      const asked = condition()
      return asked === null || gapsOfCondition(asked).length > 0 ? null : asked
    },
    (asked) => call(segments.count, { body: everybody ? { condition: asked, everybody } : { condition: asked } }),
    400,
  )
}
