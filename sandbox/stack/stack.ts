import { join } from 'node:path'
import type { Fsync } from '../mongo/store/storage.ts'
import { answers, freePort, manage, type Managed } from './process.ts'
import { privateRedis } from './redis.ts'
import { secretsIn, type Secrets } from './settings.ts'

export type StackOptions = {
  /** The project's root, where the built programs are. */
  readonly root: string
  readonly dataDir: string
  /** Port browsers use for the product (the client's webview in front of the server); 0 = any. */
  readonly port?: number
  /** Port of the stand-in with its chat page; 0 = any. */
  readonly wecomPort?: number
  /** One process per role, so that a test can kill the worker alone. */
  readonly split?: boolean
  /** Given stores are used as they are; others are started in the data folder. */
  readonly mongoUrl?: string
  readonly redisUrl?: string
  /** How a database that is started here writes to the disk; default `always`. */
  readonly fsync?: Fsync
  readonly env?: Readonly<Record<string, string>>
  readonly report?: (what: string) => void
  /** Gives the start up: what has begun is stopped, and the start rejects. */
  readonly signal?: AbortSignal
}

/** A running product with everything around it. */
export type Stack = {
  /** The product as browsers see it. */
  readonly publicUrl: string
  /** The web role itself. */
  readonly serverUrl: string
  readonly wecomUrl: string
  readonly mongoUrl: string
  readonly redisUrl: string
  readonly secrets: Secrets
  readonly processes: {
    readonly mongo?: Managed
    readonly redis?: Managed
    readonly wecom: Managed
    readonly web: Managed
    readonly worker?: Managed
  }
  close(): Promise<void>
}

const node = process.execPath
/** At rest V8 makes the young generation so small that it is swept many times a second: a third of what the processes then do. */
const atRest = '--min-semi-space-size=8'
/** In a rush what a turn holds outlives several sweeps of V8's usual 16 MB: a fifth of the work would be copying it. */
const inARush = '--max-semi-space-size=64'
/** V8 would put what often lives long, as a customer read in a slow hour, among the old at once, where it stays, and all it holds, until much later. */
const youngFirst = '--no-allocation-site-pretenuring'

/** A worker listens on no port; its log says when it takes jobs. */
const saysStarted = async (printed: string): Promise<void> => {
  if (!printed.includes('"msg":"started"')) throw new Error('not started yet')
}

/** Starts stores, stand-in and server, in that order where one needs the other, and saves the callback address in the stand-in's console. */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const { root, dataDir, report = () => undefined } = options
  const secrets = secretsIn(join(dataDir, 'secrets.json'))
  const log = (name: string): string => join(dataDir, 'logs', `${name}.log`)
  const built = (file: string): string => join(root, file)
  const [mongoPort, redisPort, wecomPort, port, serverPort] = await Promise.all([
    freePort(),
    freePort(),
    options.wecomPort || freePort(),
    options.port || freePort(),
    freePort(),
  ])
  const publicUrl = `http://127.0.0.1:${port}`
  const serverUrl = `http://127.0.0.1:${serverPort}`
  const wecomUrl = `http://127.0.0.1:${wecomPort}`
  const mongoUrl = options.mongoUrl ?? `mongodb://127.0.0.1:${mongoPort}/zhiyin?replicaSet=zhiyin&directConnection=true`
  const redisUrl = options.redisUrl ?? `redis://127.0.0.1:${redisPort}/0`
  const reachable = (target: number) => async (): Promise<void> => {
    const { connect } = await import('node:net')
    await new Promise<void>((resolve, reject) => {
      const socket = connect(target, '127.0.0.1', () => {
        socket.destroy()
        resolve()
      })
      socket.once('error', reject)
    })
  }

  const mongo =
    options.mongoUrl === undefined
      ? manage({
          name: 'mongo',
          program: node,
          args: [
            atRest,
            inARush,
            built('sandbox/dist/mongo.js'),
            '--port',
            String(mongoPort),
            '--data',
            join(dataDir, 'mongo'),
            '--transaction-seconds',
            '10',
            '--fsync',
            options.fsync ?? 'always',
          ],
          logFile: log('mongo'),
          ready: reachable(mongoPort),
        })
      : undefined
  const redis = options.redisUrl === undefined ? privateRedis(dataDir, redisPort) : undefined
  const wecom = manage({
    name: 'wecom',
    program: node,
    args: [
      built('sandbox/dist/wecom.js'),
      ...[
        '--port',
        String(wecomPort),
        '--data',
        join(dataDir, 'wecom'),
        '--webview-port',
        String(port),
        '--upstream',
        serverUrl,
        '--page',
        built('sandbox/dist/page'),
      ],
      ...[
        '--corp-id',
        secrets.WECOM_CORP_ID,
        '--contact-secret',
        secrets.WECOM_CONTACT_SECRET,
        '--agent-id',
        secrets.WECOM_AGENT_ID,
        '--agent-secret',
        secrets.WECOM_AGENT_SECRET,
      ],
      ...['--token', secrets.WECOM_CALLBACK_TOKEN, '--aes-key', secrets.WECOM_CALLBACK_AES_KEY],
    ],
    logFile: log('wecom'),
    ready: () => answers(`${wecomUrl}/sandbox/api/state`),
  })
  const env = {
    ...secrets,
    PORT: String(serverPort),
    PUBLIC_URL: publicUrl,
    MONGODB_URL: mongoUrl,
    REDIS_URL: redisUrl,
    DATA_DIR: join(dataDir, 'files'),
    WECOM_API_BASE: wecomUrl,
    LOG_LEVEL: 'info',
    ...options.env,
  }
  const server = (name: string, roles: string, ready: (printed: string) => Promise<void>): Managed =>
    manage({
      name,
      program: node,
      args: [
        '--enable-source-maps',
        atRest,
        inARush,
        youngFirst,
        built('server/dist/main.js'),
        `--roles=${roles}`,
        `--clock=${wecomUrl}/sandbox/api/clock`,
      ],
      env: roles === 'worker' ? { ...env, PORT: '0' } : env,
      logFile: log(name),
      ready,
      // The first start of a new version over many customers takes its time.
      readyWithinMs: 300_000,
    })
  const web = server('web', options.split ? 'web' : 'web,worker', () => answers(`${serverUrl}/health/ready`))
  const worker = options.split ? server('worker', 'worker', saysStarted) : undefined

  const started: Managed[] = []
  const start = async (managed: Managed | undefined): Promise<void> => {
    if (managed === undefined) return
    options.signal?.throwIfAborted()
    started.unshift(managed)
    await managed.start()
    report(managed.name)
  }
  const close = async (): Promise<void> => {
    for (const managed of started) await managed.stop()
  }
  options.signal?.addEventListener('abort', () => void close(), { once: true })
  try {
    await Promise.all([start(mongo), start(redis), start(wecom)])
    await Promise.all([start(web), start(worker)])
    const saved = await fetch(`${wecomUrl}/sandbox/api/app`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        callbackUrl: `${serverUrl}/wecom/callback`,
        sidebarUrl: `${publicUrl}/sidebar/`,
        trustedDomain: new URL(publicUrl).host,
      }),
    })
    if (!saved.ok) throw new Error(`The stand-in could not verify the callback address: ${await saved.text()}`)
  } catch (error) {
    await close()
    throw error
  }
  const optional = { ...(mongo && { mongo }), ...(redis && { redis }), ...(worker && { worker }) }
  return { publicUrl, serverUrl, wecomUrl, mongoUrl, redisUrl, secrets, processes: { wecom, web, ...optional }, close }
}
