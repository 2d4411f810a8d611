import { z } from 'zod'
import { Because } from '../because/index.ts'
import { IntentState } from '../intent.ts'
import { RobotMessage } from '../robot.ts'
import { endpoint, IdParams, none } from './endpoint.ts'

/** An internal group's robot, named by its group. */
export const Robot = z.object({
  groupId: z.string(),
  group: z.string(),
  /** `disabled`: WeCom takes nothing from it until somebody has mended it; `resting`: it goes on by itself. */
  state: z.enum(['ok', 'resting', 'disabled']),
  because: Because.nullable(),
  restUntil: z.iso.datetime().nullable(),
  /** Messages sent in the last minute, and how many we let it send. */
  sentLastMinute: z.int(),
  perMinute: z.int(),
  /** Messages that wait for their turn. */
  waiting: z.int(),
})
export type Robot = z.infer<typeof Robot>

const Wanted = z.object({ intentId: z.string() })
/** What became of a message of a robot. */
export const RobotSend = z.object({ state: IntentState, because: z.array(Because) })
export type RobotSend = z.infer<typeof RobotSend>
const key = z.string().min(8).max(64)

export const robots = {
  list: endpoint({
    method: 'GET',
    path: '/api/robots',
    permission: 'manager',
    summary: 'Group robots and whether they may speak',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Robot) }),
  }),
  /** `id` is the group's. `key` makes a repeated call harmless; what became of it is asked of `sent`. */
  send: endpoint({
    method: 'POST',
    path: '/api/robots/:id/messages',
    permission: 'manager',
    summary: 'Say something through a group’s robot now',
    params: IdParams,
    query: none,
    body: z.object({ key, message: RobotMessage }),
    output: Wanted,
  }),
  sent: endpoint({
    method: 'GET',
    path: '/api/robots/messages/:id',
    permission: 'manager',
    summary: 'What became of a message of a robot',
    params: IdParams,
    query: none,
    body: none,
    output: RobotSend,
  }),
  /** Lets a disabled robot speak again and sends a line to see whether it can. */
  test: endpoint({
    method: 'POST',
    path: '/api/robots/:id/test',
    permission: 'manager',
    summary: 'Send a test message through a group’s robot; a disabled one may speak again',
    params: IdParams,
    query: none,
    body: z.object({ key }),
    output: Wanted,
  }),
}
