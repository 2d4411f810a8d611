import type { CheckId } from '@zhiyin/shared/setup/checks'
import type { CheckResult } from '@zhiyin/shared/setup/result'
import type { Mongo } from '../platform/mongo.ts'
import type { Redis } from '../platform/redis.ts'
import { allLooks, createChecks, type ChecksDeps } from './checks.ts'
import { callbackUrlOf } from './looks/callback.ts'
import { createResultsKept } from './results.ts'
import { mongoFacts, redisFacts } from './stores.ts'
import { createVerifyFiles } from './verify-files.ts'

type Deps = Omit<ChecksDeps, 'problems' | 'mongo' | 'redis' | 'verifyFile'> & {
  mongo: Mongo
  redis: Pick<Redis, 'info'>
  verifyFileSetting: string | undefined
}

/** The checks of the connection with WeCom (接入检查) as a running server makes them; their results are kept. */
export const createSetupRoom = ({ mongo, redis, verifyFileSetting, ...deps }: Deps) => {
  const files = createVerifyFiles({ mongo, clock: deps.clock, setting: verifyFileSetting })
  const kept = createResultsKept({ mongo })
  const looks = () =>
    allLooks({
      ...deps,
      // A server that runs has read its settings.
      problems: [],
      mongo: () => mongoFacts(mongo),
      redis: () => redisFacts(redis),
      verifyFile: files.latest,
    })
  const checks = createChecks({ clock: deps.clock, looks })
  return {
    run: async (ids?: readonly CheckId[]): Promise<CheckResult[]> => {
      const results = await checks.run(ids)
      await kept.keep(results)
      return results
    },
    state: async () => ({
      items: await kept.all(),
      callbackUrl: callbackUrlOf(deps.publicUrl),
      verifyFile: (await files.latest())?.name ?? null,
    }),
    files,
  }
}
export type SetupRoom = ReturnType<typeof createSetupRoom>
