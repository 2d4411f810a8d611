import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import { connectRedis, type Redis } from '../../server/platform/redis.ts'
import { quietLog } from './log.ts'

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })

/** A Redis of one test file: REDIS_URL's, else a redis-server of its own that keeps nothing on disk. */
export const useRedis = (): { get(): Redis; url(): string } => {
  let redis: Redis | null = null
  let child: ChildProcess | null = null
  let address = ''
  let folder = ''

  beforeAll(async () => {
    const own = process.env['REDIS_URL']
    if (own === undefined) {
      const port = await freePort()
      folder = mkdtempSync(join(tmpdir(), 'zhiyin-redis-'))
      child = spawn(
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
        {
          stdio: 'ignore',
        },
      )
      address = `redis://127.0.0.1:${port}`
    } else address = own
    redis = connectRedis(address, quietLog)
    for (let tries = 0; tries < 100; tries += 1) {
      try {
        await redis.ping()
        return
      } catch (error) {
        if (tries === 99) throw error
        await sleep(50)
      }
    }
  }, 20_000)

  afterAll(async () => {
    await redis?.quit()
    child?.kill('SIGTERM')
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  return {
    url: () => address,
    get: () => {
      if (!redis) throw new Error('useRedis: only inside tests')
      return redis
    },
  }
}
