import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setup as endpoints } from '@zhiyin/shared/api/setup'
import { checkIds } from '@zhiyin/shared/setup/checks'
import type { CheckResult } from '@zhiyin/shared/setup/result'
import type { Lang } from '@zhiyin/shared/text'
import { createInboxRead } from './inbox/read.ts'
import { targetOf, type Target } from './inbox/replay.ts'
import { systemClock as clock } from './platform/clock.ts'
import { ConfigError, defaultZone, loadConfig, type Config } from './platform/config.ts'
import { messageOf } from './platform/errors.ts'
import { createLog } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import { connectMongo } from './platform/mongo.ts'
import { connectRedis } from './platform/redis.ts'
import { allLooks, createChecks } from './setup/checks.ts'
import { once, unknown, wrong } from './setup/look.ts'
import { tableOf } from './setup/print.ts'
import { mongoFacts, redisFacts } from './setup/stores.ts'
import { createVerifyFiles, verifyFileIn } from './setup/verify-files.ts'
import { createWecom } from './wecom/create.ts'

const usage = `Checks the connection with WeCom one by one and says what to click to mend it; the same checks as in the console.

  npm run doctor

The settings come from the environment, or from .env in this folder; the server need not run. Without settings the server that
npm start has started here is asked. Ends with 1 when something is wrong.
`

/** Every check, made from here with these settings. */
const checkHere = async (config: Config): Promise<CheckResult[]> => {
  const log = createLog('silent')
  const redis = connectRedis(config.REDIS_URL, log)
  const mongo = once(() => connectMongo(config.MONGODB_URL, log))
  const wecom = createWecom({ config, redis, clock, log, metrics: createMetrics() })
  const setting = config.WECOM_VERIFY_FILE
  const looks = () =>
    allLooks({
      problems: [],
      clock,
      apiBase: config.WECOM_API_BASE,
      publicUrl: config.PUBLIC_URL,
      corpId: config.WECOM_CORP_ID,
      token: config.WECOM_CALLBACK_TOKEN,
      aesKey: config.WECOM_CALLBACK_AES_KEY,
      probe: wecom.probe,
      read: wecom.read,
      tickets: wecom.tickets,
      mongo: async () => mongoFacts(await mongo()),
      redis: () => redisFacts(redis),
      lastCallback: async () => (await createInboxRead({ mongo: await mongo(), clock }).health()).lastAt,
      verifyFile: () =>
        mongo().then(
          (connected) => createVerifyFiles({ mongo: connected, clock, setting }).latest(),
          () => verifyFileIn(setting),
        ),
    })
  try {
    return await createChecks({ clock, looks }).run()
  } finally {
    redis.disconnect()
    await mongo().then(
      (connected) => connected.close(),
      () => undefined,
    )
  }
}

/** With settings that are wrong nothing else can be looked at. */
const problemsOnly = (problems: readonly string[]): Promise<CheckResult[]> =>
  createChecks({
    clock,
    looks: () => ({
      ...Object.fromEntries(checkIds.map((id) => [id, () => Promise.resolve(unknown('settings.first'))])),
      settings: () => Promise.resolve(wrong('settings.problems', { problems: problems.join('; ') })),
    }),
  }).run()

const askServer = async ({ server, adminKey }: Target): Promise<CheckResult[]> => {
  const response = await fetch(`${server.replace(/\/+$/, '')}${endpoints.run.path}`, {
    method: endpoints.run.method,
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: '{}',
  })
  if (!response.ok) throw new Error(`The server at ${server} answered ${response.status}`)
  return endpoints.run.output.parse(await response.json()).items
}

const results = async (env: NodeJS.ProcessEnv): Promise<CheckResult[]> => {
  // Whoever has set nothing of WeCom here means the server that runs here.
  const local = env['WECOM_CORP_ID'] ? null : targetOf({ DATA_DIR: env['DATA_DIR'] }, process.cwd())
  if (local) return askServer(local)
  try {
    return await checkHere(loadConfig(env))
  } catch (error) {
    if (error instanceof ConfigError) return problemsOnly(error.problems)
    throw error
  }
}

const main = async (): Promise<number> => {
  if (process.argv.length > 2) {
    process.stdout.write(usage)
    return process.argv[2] === '--help' ? 0 : 1
  }
  if (existsSync(resolve('.env'))) process.loadEnvFile('.env')
  const { env } = process
  const lang: Lang = /^zh/i.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'zh' : 'en'
  const found = await results(env)
  const colours = process.stdout.isTTY && !env['NO_COLOR']
  process.stdout.write(tableOf(found, { lang, colours, zone: env['TIMEZONE'] || defaultZone }))
  return found.some(({ state }) => state === 'wrong') ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exitCode = 1
}
