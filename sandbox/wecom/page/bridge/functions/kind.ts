import { z } from 'zod'
import type { Ending } from '../ending.ts'
import type { BridgeHost, Entry } from '../host.ts'

export interface BridgeFunction {
  /** `agent`: only after an agentConfig that names it in its jsApiList. */
  needs: 'agent' | 'nothing'
  /** The entries it works from; all when left out. Elsewhere it ends with "without context". */
  entries?: readonly Entry[]
  /** In the phone clients alone; a desktop client does not know it. */
  phone?: true
  /** For third-party apps alone: a company's own app has no permission. */
  thirdParty?: true
  run(params: Record<string, unknown>, host: BridgeHost): Ending | Promise<Ending>
}

/** Lists cross the bridge joined by semicolons. */
export const idList = z
  .union([z.string(), z.array(z.string())])
  .default('')
  .transform((ids) => (Array.isArray(ids) ? ids : ids.split(';')).filter((id) => id !== ''))
