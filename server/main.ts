import { parseArgs } from 'node:util'
import { parentPort } from 'node:worker_threads'
import { z } from 'zod'
import { followClock } from './platform/clock-follower.ts'
import { systemClock } from './platform/clock.ts'
import { ConfigError, loadConfig } from './platform/config.ts'
import { messageOf } from './platform/errors.ts'
import { createLog } from './platform/log.ts'
import { createDeps } from './deps/index.ts'
import { serveNowLane, startNowLane } from './now-lane.ts'
import { startHealth, startWeb } from './web.ts'
import { startWorker } from './worker.ts'

const roleNames = ['web', 'worker'] as const
const Roles = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(roleNames)).min(1))

/** How long a drain may take before the process leaves anyway; what is unfinished is claimed again by others. */
const drainMs = 20_000

const argsOf = () => {
  try {
    return parseArgs({ options: { roles: { type: 'string', default: 'web,worker' }, clock: { type: 'string' } } })
  } catch (error) {
    throw new ConfigError([messageOf(error)])
  }
}

const main = async (): Promise<void> => {
  const { values } = argsOf()
  const roles = Roles.safeParse(values.roles)
  if (!roles.success) throw new ConfigError([`--roles must be web, worker or web,worker, not “${values.roles}”`])
  const config = loadConfig(process.env)
  const log = createLog(config.LOG_LEVEL)
  const followed = values.clock === undefined ? undefined : await followClock(values.clock, log)
  const clock = followed ?? systemClock
  const works = parentPort === null && roles.data.includes('worker')
  // Beside our own start; what keeps it from starting is told when it is waited for.
  const starting = works ? startNowLane(new URL(import.meta.url), log, () => process.exit(1)) : null
  starting?.catch(() => undefined)
  const deps = await createDeps({ config, log, clock, upgrades: parentPort === null })
  if (parentPort !== null) {
    await deps.upToDate
    const close = async (): Promise<void> => {
      await deps.close()
      followed?.close()
    }
    return serveNowLane(deps, parentPort, close)
  }
  const running: { drain(): Promise<void> }[] = []
  running.push(await (roles.data.includes('web') ? startWeb : startHealth)(deps))
  await deps.upToDate
  if (starting !== null) {
    const lane = await starting
    deps.metrics.addFrom(lane.figures)
    running.push(startWorker(deps), lane)
  }
  log.info({ roles: roles.data }, 'started')

  let leaving = false
  const leave = async (signal: string): Promise<void> => {
    if (leaving) return
    leaving = true
    log.info({ signal }, 'draining')
    setTimeout(() => {
      log.error({ drainMs }, 'the drain took too long')
      process.exit(1)
    }, drainMs).unref()
    for (const part of running) await part.drain()
    await deps.close()
    followed?.close()
    log.info({}, 'stopped')
    process.exit(0)
  }
  process.on('SIGTERM', () => void leave('SIGTERM'))
  process.on('SIGINT', () => void leave('SIGINT'))
}

try {
  await main()
} catch (error) {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(1)
}
