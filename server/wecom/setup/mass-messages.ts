import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { MassMessagesSetup } from '../types.ts'

const CANCELLED = 41093

/** Follow-ups of mass messages that members have not confirmed yet. */
export const createMassMessagesSetup = (call: Call): MassMessagesSetup => ({
  remindMassMessage: async (msgid) => {
    await call(api.remindMassMessage, { msgid })
  },
  cancelMassMessage: async (msgid) => {
    await unless(call(api.cancelMassMessage, { msgid }), (error) => isWecomError(error, CANCELLED), undefined)
  },
})
