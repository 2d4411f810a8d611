import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { manage, type Managed } from './process.ts'

const ping = (port: number): Promise<void> =>
  new Promise((resolvePing, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setTimeout(1000, () => socket.destroy(new Error('redis does not answer')))
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      socket.destroy()
      if (chunk.toString().startsWith('+PONG')) resolvePing()
      else reject(new Error(`redis says ${chunk.toString().trim()}`))
    })
  })

/** A private redis-server with an append-only file in `dataDir`, on loopback only. */
export const privateRedis = (dataDir: string, port: number): Managed => {
  const dir = resolve(dataDir, 'redis')
  mkdirSync(dir, { recursive: true })
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
    '--daemonize',
    'no',
  ]
  return manage({
    name: 'redis',
    program: 'redis-server',
    args,
    logFile: join(dataDir, 'logs', 'redis.log'),
    ready: () => ping(port),
  })
}
