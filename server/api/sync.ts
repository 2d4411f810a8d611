import { sync as endpoints } from '@zhiyin/shared/api/sync'
import { startSync } from '../commands/start-sync.ts'
import type { Clock } from '../platform/clock.ts'
import { runView, type SyncRead } from '../sync/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof startSync>[0] & { syncRead: SyncRead; clock: Clock }

export const syncApi = ({ syncRead, clock, ...deps }: Deps): Bound[] => {
  const start = startSync(deps)
  return [
    bind(endpoints.status, () => syncRead.status()),
    bind(endpoints.start, async ({ actor, body }) => runView(await start(actor, body), clock.now())),
    bind(endpoints.gaps, ({ query }) => syncRead.gaps(query)),
  ]
}
