import { FlagError, helpOf, readFlags, type Program } from '../start/flags.ts'
import { t } from '../start/language.ts'
import { startMongo } from './server.ts'

const program: Program = {
  name: 'zhiyin-mongo',
  zh: '说 MongoDB 协议的数据库，用来试用和测试，不用于生产',
  en: 'a database that speaks the MongoDB protocol, for trying out and tests, not for production',
  flags: {
    port: { value: 'N', zh: '端口，0 为任意空闲端口（默认 27017）', en: 'port, 0 = any free one (default 27017)' },
    host: { value: 'HOST', zh: '监听地址（默认 127.0.0.1）', en: 'address to listen on (default 127.0.0.1)' },
    data: { value: 'DIR', zh: '数据目录（默认 .data/mongo）', en: 'data folder (default .data/mongo)' },
    'transaction-seconds': {
      value: 'N',
      zh: '事务最多开多久（默认 60 秒，与 MongoDB 相同）',
      en: 'how long a transaction may stay open (default 60 s, as in MongoDB)',
    },
    fsync: {
      value: 'always|no',
      zh: '写入先落盘再确认；no 则由操作系统决定何时落盘：进程被杀不丢，断电可能丢（默认 always）',
      en: 'on the disk before it is acknowledged; no: when the operating system sees fit, safe when the process is killed, not when the power fails (default always)',
    },
    help: { value: '', zh: '这份说明', en: 'this text' },
  },
}

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
  const given = readFlags(program, process.argv.slice(2))
  if (given.has('help')) {
    process.stdout.write(helpOf(program))
    return
  }
  const port = Number(given.get('port') ?? '27017')
  const dataDir = given.get('data') ?? '.data/mongo'
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new FlagError(
      t(
        `--port 要是 0 到 65535 的整数，不能是“${given.get('port') ?? ''}”`,
        `--port must be a number from 0 to 65535, not "${given.get('port') ?? ''}"`,
      ),
    )
  const seconds = Number(given.get('transaction-seconds') ?? '60')
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new FlagError(
      t(
        `--transaction-seconds 要是 1 以上的整数，不能是“${given.get('transaction-seconds') ?? ''}”`,
        `--transaction-seconds must be a whole number from 1, not "${given.get('transaction-seconds') ?? ''}"`,
      ),
    )
  const fsync = given.get('fsync') ?? 'always'
  if (fsync !== 'always' && fsync !== 'no')
    throw new FlagError(
      t(`--fsync 要是 always 或 no，不能是“${fsync}”`, `--fsync must be always or no, not "${fsync}"`),
    )
  const stop = (cause: unknown): void => {
    process.stderr.write(`${sentence(cause, port, dataDir)}\n`)
    process.exit(1)
  }
  process.on('uncaughtException', stop)
  process.stderr.write(
    'Zhiyin sandbox database: speaks the MongoDB protocol, for trying out and tests, not for production.\n',
  )
  try {
    const server = await startMongo({
      port,
      host: given.get('host') ?? '127.0.0.1',
      dataDir,
      transactionLifetimeMs: seconds * 1000,
      fsync,
      onFailure: stop,
    })
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

try {
  await main()
} catch (error) {
  if (!(error instanceof FlagError)) throw error
  process.stderr.write(`zhiyin-mongo: ${error.message}\n`)
  process.exitCode = 2
}
