import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { z } from 'zod'

setFlagsFromString('--expose_gc')
const collect = z.custom<() => void>((value) => typeof value === 'function').parse(runInNewContext('gc'))

/** Megabytes of the heap without what nobody holds any more. */
export const liveMb = (): number => {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}
