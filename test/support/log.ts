import { pino } from 'pino'
import type { Log } from '../../server/platform/log.ts'

/** A real log that writes nothing. */
export const quietLog: Log = pino({ level: 'silent' })
