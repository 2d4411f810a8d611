import { parseArgs } from 'node:util'
import { startMongo } from './server.ts'

/** One sentence for the person who started the program. */
function sentence(cause: unknown, port: number, dataDir: string): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const message = cause instanceof Error ? cause.message : String(cause)
  if (code === 'EADDRINUSE') return `Port ${port} is already in use; choose another with --port, or 0 for any free one.`
  if (code === 'EACCES' || /permission denied/i.test(message))
    return `No permission to use ${message.includes('listen') ? `port ${port}` : dataDir}.`
  if (code === 'ENOSPC' || /no space left/i.test(message)) return `No space left on the disk for ${dataDir}.`
  return `Cannot start: ${message}`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '27017' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: '.data/mongo' },
    },
  })
  const port = Number(values.port)
  const dataDir = values.data
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port must be a number from 0 to 65535, not '${values.port}'`)
  const stop = (cause: unknown): void => {
    process.stderr.write(`${sentence(cause, port, dataDir)}\n`)
    process.exit(1)
  }
  process.on('uncaughtException', stop)
  process.stderr.write(
    'Zhiyin sandbox database: speaks the MongoDB protocol, for trying out and tests, not for production.\n',
  )
  try {
    const server = await startMongo({ port, host: values.host, dataDir, onFailure: stop })
    const end = (): void => {
      server.close().then(() => process.exit(0), stop)
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
    process.stdout.write(`${JSON.stringify({ ready: true, port: server.port, uri: server.uri })}\n`)
  } catch (cause) {
    stop(cause)
  }
}

await main()
