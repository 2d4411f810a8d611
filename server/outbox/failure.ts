import { because } from '@zhiyin/shared/because'
import { AppError } from '../platform/errors.ts'
import type { IntentDoc } from './intents.model.ts'
import { MediaMissing } from './media.ts'
import { outcomeOf, type Outcome } from './outcome.ts'

/** What a send that threw came to. `repeated`: the same thing may have been done by an earlier call of ours. */
export const failureOf = (error: unknown, channel: IntentDoc['channel'], repeated: boolean): Outcome => {
  if (error instanceof MediaMissing) {
    const { reason, passing } = error
    return passing ? { kind: 'later', afterMs: null, because: [reason] } : { kind: 'failed', because: [reason] }
  }
  // A body WeCom cannot take is found before the call.
  if (error instanceof AppError && error.code === 'request.invalid')
    return { kind: 'failed', because: [because('send.refused', { errcode: 0, hint: error.message })] }
  return outcomeOf(error, channel, repeated)
}
