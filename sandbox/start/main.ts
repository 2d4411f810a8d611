import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startStack } from '../stack/stack.ts'
import { folderIsUsable, forgetData, portIsFree, portOf, Stop } from './checks.ts'
import { t } from './language.ts'
import { addresses, banner } from './print.ts'
import { forgetRunning, lastStart, saveRunning } from './running.ts'
import { companyIn, runDemo } from './demo.ts'

const root = process.cwd()

const argsOf = () => {
  try {
    return parseArgs({
      options: {
        reset: { type: 'boolean', default: false },
        port: { type: 'string', default: '3000' },
        'wecom-port': { type: 'string', default: '3001' },
        'no-demo': { type: 'boolean', default: false },
        data: { type: 'string', default: '.data' },
      },
    }).values
  } catch (error) {
    const known = '--reset --port N --wecom-port N --no-demo --data DIR'
    const what = error instanceof Error ? error.message : String(error)
    throw new Stop(t(`参数不对（${what}）。可用的：${known}`, `${what}. What there is: ${known}`))
  }
}

const main = async (): Promise<void> => {
  const values = argsOf()
  const dataDir = resolve(root, values.data)
  const port = portOf(values.port, '--port')
  const wecomPort = portOf(values['wecom-port'], '--wecom-port')
  if (port === wecomPort) throw new Stop(t('--port 和 --wecom-port 不能相同', '--port and --wecom-port must differ'))
  folderIsUsable(dataDir)
  if ((await lastStart(dataDir)) === 'running')
    throw new Stop(
      t(
        '知音已经在运行（同一个数据目录）：先在那个终端按 Ctrl-C',
        'Zhiyin is already running on this data folder: press Ctrl-C in its terminal first',
      ),
    )
  await portIsFree(port, '--port')
  await portIsFree(wecomPort, '--wecom-port')
  if (values.reset) forgetData(dataDir)

  const say = banner()
  const env = process.env
  const stores = {
    ...(env['MONGODB_URL'] ? { mongoUrl: env['MONGODB_URL'] } : {}),
    ...(env['REDIS_URL'] ? { redisUrl: env['REDIS_URL'] } : {}),
  }
  const leaving = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => leaving.abort())
  const { signal } = leaving
  const stack = await startStack({ root, dataDir, port, wecomPort, ...stores, report: say.started, signal }).catch(
    (error: unknown) => {
      if (!signal.aborted) throw error
      say.line(t('已停止', 'Stopped'))
      return process.exit(0)
    },
  )
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
  signal.addEventListener('abort', () => void close(0))
  if (signal.aborted) return close(0)
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
  try {
    await demo?.usable
    const company = await companyIn(dataDir, stack.wecomUrl)
    addresses(say, stack, company)
    if (demo === undefined || company.seeded) return
    say.line(
      t(
        '  已经可以使用；演示公司还在补写过去四个月，进度如下（期间时钟在走历史时间）：',
        '  Ready to use; the demo company is still filling with its past four months (meanwhile the clock is in the past):',
      ),
    )
    await demo.seeded
    say.line(t('✓ 演示公司已就绪，时钟是现在', '✓ The demo company is complete; the clock is the real one'))
  } catch (error) {
    if (closing) return
    say.line(`✗ ${error instanceof Error ? error.message : String(error)}`)
    return close(1)
  }
}

try {
  await main()
} catch (error) {
  console.error(`\n✗ ${error instanceof Stop ? error.message : error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}
