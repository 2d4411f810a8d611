import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startStack } from '../stack/stack.ts'
import { folderIsUsable, portIsFree, Stop } from './checks.ts'
import { t } from './language.ts'
import { addresses, banner } from './print.ts'
import { forgetRunning, lastStart, saveRunning } from './running.ts'
import { runDemo, starOf } from './demo.ts'

const root = process.cwd()

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      reset: { type: 'boolean', default: false },
      port: { type: 'string', default: '3000' },
      'wecom-port': { type: 'string', default: '3001' },
      'no-demo': { type: 'boolean', default: false },
      data: { type: 'string', default: '.data' },
    },
  })
  const dataDir = resolve(root, values.data)
  const port = Number(values.port)
  const wecomPort = Number(values['wecom-port'])
  folderIsUsable(dataDir)
  if (lastStart(dataDir) === 'running')
    throw new Stop(
      t(
        '知音已经在运行（同一个数据目录）：先在那个终端按 Ctrl-C',
        'Zhiyin is already running on this data folder: press Ctrl-C in its terminal first',
      ),
    )
  await portIsFree(port, '--port')
  await portIsFree(wecomPort, '--wecom-port')
  if (values.reset) rmSync(dataDir, { recursive: true, force: true })
  folderIsUsable(dataDir)

  const say = banner()
  const env = process.env
  const stores = {
    ...(env['MONGODB_URL'] ? { mongoUrl: env['MONGODB_URL'] } : {}),
    ...(env['REDIS_URL'] ? { redisUrl: env['REDIS_URL'] } : {}),
  }
  const stack = await startStack({ root, dataDir, port, wecomPort, ...stores, report: say.started })
  const all = Object.values(stack.processes)
  saveRunning(dataDir, {
    pid: process.pid,
    children: all.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    server: stack.serverUrl,
    public: stack.publicUrl,
    wecom: stack.wecomUrl,
    adminKey: stack.secrets.ADMIN_API_KEY,
    writeKey: stack.secrets.INGEST_WRITE_KEY,
  })

  const demo = values['no-demo'] ? undefined : runDemo(root, dataDir, say.progress)
  let closing = false
  const close = async (code: number): Promise<void> => {
    if (closing) return
    closing = true
    say.line(t('正在停止…', 'Stopping…'))
    demo?.stop()
    await stack.close()
    forgetRunning(dataDir)
    say.line(t(`已停止，数据保留在 ${values.data}/`, `Stopped. Data stays in ${values.data}/`))
    process.exit(code)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close(0))
  for (const managed of all)
    managed.onDeath((code) => {
      if (closing) return
      say.line(
        t(
          `${managed.name} 意外退出（${code}），详见 ${join(values.data, 'logs', managed.name)}.log`,
          `${managed.name} ended unexpectedly (${code}); see ${join(values.data, 'logs', managed.name)}.log`,
        ),
      )
      void close(1)
    })
  await demo?.seeded
  addresses(say, stack, starOf(dataDir))
}

try {
  await main()
} catch (error) {
  console.error(`\n✗ ${error instanceof Stop ? error.message : error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
