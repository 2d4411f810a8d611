import { z } from 'zod'
import { ClockAdvance, ClockSet, ClockState } from '../contract.ts'
import { get, post } from '../declare.ts'

/** The movable clock. */
export const clockEndpoints = {
  follow: get(
    'clock',
    '当前时间；带 since 时等到时钟变动 / the time; with since it waits for a move',
    z.object({ since: z.coerce.number().pipe(z.int()).optional(), follower: z.string().max(100).optional() }),
    ClockState,
  ),
  advance: post('clock/advance', '拨快 / move on', ClockAdvance, ClockState),
  set: post('clock/set', '拨到某一刻，null 为真实时间 / set to a moment, null: the real time', ClockSet, ClockState),
}
