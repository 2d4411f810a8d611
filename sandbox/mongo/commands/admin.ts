import { hostname } from 'node:os'
import { Binary, Int32, Long, ObjectId } from 'bson'
import { isDoc, toNumber, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import type { Command, Request } from './request.ts'

/** The name of the replica set this one server pretends to be. */
export const SET_NAME = 'zhiyin'
const VERSION = '8.0.0'
const PROCESS_ID = new ObjectId()

/** The answer to hello, and to the older isMaster: a primary of a replica set with one member. */
export function hello({ server, connectionId, body }: Pick<Request, 'server' | 'connectionId' | 'body'>): Doc {
  const me = `${server.host}:${server.port}`
  const legacy = !('hello' in body)
  return {
    helloOk: true,
    ...(legacy ? { ismaster: true } : {}),
    isWritablePrimary: true,
    secondary: false,
    setName: SET_NAME,
    setVersion: new Int32(1),
    electionId: PROCESS_ID,
    hosts: [me],
    primary: me,
    me,
    maxBsonObjectSize: new Int32(16 * 1024 * 1024),
    maxMessageSizeBytes: new Int32(48_000_000),
    maxWriteBatchSize: new Int32(100_000),
    localTime: new Date(),
    logicalSessionTimeoutMinutes: new Int32(30),
    connectionId: new Int32(connectionId),
    // Nothing of a set with one member ever changes.
    topologyVersion: { processId: PROCESS_ID, counter: Long.ZERO },
    minWireVersion: new Int32(0),
    maxWireVersion: new Int32(25),
    readOnly: false,
    ok: 1,
  }
}

const handshake: Command = { fields: [], lenient: true, run: hello }

const ping: Command = { fields: [], inTransaction: true, run: () => ({ ok: 1 }) }

const buildInfo: Command = {
  fields: [],
  run: () => ({
    version: VERSION,
    gitVersion: 'zhiyin-sandbox',
    modules: [],
    versionArray: VERSION.split('.')
      .concat('0')
      .map((part) => new Int32(Number(part))),
    bits: new Int32(64),
    debug: false,
    maxBsonObjectSize: new Int32(16 * 1024 * 1024),
    storageEngines: ['lmdb'],
    ok: 1,
  }),
}

const serverStatus: Command = {
  fields: [
    'repl',
    'metrics',
    'locks',
    'network',
    'opcounters',
    'tcmalloc',
    'wiredTiger',
    'mirroredReads',
    'latchAnalysis',
  ],
  run({ server }) {
    const memory = process.memoryUsage()
    const transactions = [...server.engine.transactions.values()].filter(({ state }) => state === 'active').length
    return {
      host: `${hostname()}:${server.port}`,
      version: VERSION,
      process: 'zhiyin-sandbox-mongo',
      pid: Long.fromNumber(process.pid),
      uptime: (Date.now() - server.engine.startedAt) / 1000,
      localTime: new Date(),
      mem: { bits: new Int32(64), resident: new Int32(Math.round(memory.rss / 1048576)), supported: true },
      connections: { current: new Int32(server.connections.size) },
      opcounters: Object.fromEntries([...server.counts].map(([name, n]) => [name, Long.fromNumber(n)])),
      metrics: { cursor: { open: { total: new Int32(server.cursors.size) } } },
      transactions: { currentOpen: new Int32(transactions) },
      storageEngine: { name: 'lmdb', supportsCommittedReads: true, persistent: true },
      repl: { setName: SET_NAME, isWritablePrimary: true },
      ok: 1,
    }
  },
}

function refuseUser(): never {
  return fail(
    18,
    'Authentication failed: this server is for trying out and tests, it has no users; connect without a user name',
  )
}

const saslStart: Command = { fields: ['mechanism', 'payload', 'autoAuthorize', 'options'], run: refuseUser }

const endSessions: Command = {
  fields: [],
  async run({ server, body }) {
    const list = Array.isArray(body.endSessions) ? (body.endSessions as unknown[]) : []
    const ids = list.flatMap((item) => (isDoc(item) && item.id instanceof Binary ? [item.id.toString('hex')] : []))
    const { engine } = server
    for (const id of ids) {
      const transaction = engine.transactions.get(id)
      if (transaction?.state === 'active') transaction.end('aborted')
      engine.transactions.delete(id)
    }
    if (ids.some((id) => engine.sessions.get(id) !== undefined)) await engine.write(() => engine.sessions.forget(ids))
    return { ok: 1 }
  },
}

const nothing: Command = { fields: [], run: () => ({ ok: 1 }) }

const setParameter: Command = {
  fields: ['ttlMonitorSleepSecs', 'transactionLifetimeLimitSeconds'],
  run({ server, body }) {
    const sweep = seconds(body, 'ttlMonitorSleepSecs')
    const lifetime = seconds(body, 'transactionLifetimeLimitSeconds')
    if (sweep === undefined && lifetime === undefined)
      fail(72, 'this server knows only the parameters ttlMonitorSleepSecs and transactionLifetimeLimitSeconds')
    if (sweep !== undefined) server.sweepEvery(sweep * 1000)
    if (lifetime !== undefined) server.engine.transactionLifetimeMs = lifetime * 1000
    return { ok: 1 }
  },
}

function seconds(body: Doc, field: string): number | undefined {
  if (body[field] === undefined) return undefined
  const value = toNumber(body[field])
  return value !== undefined && value > 0 ? value : fail(2, `${field} must be a number above 0`)
}

/** Commands about the server itself. */
export const adminCommands: Readonly<Record<string, Command>> = {
  hello: handshake,
  isMaster: handshake,
  ismaster: handshake,
  ping,
  buildInfo,
  buildinfo: buildInfo,
  serverStatus,
  saslStart,
  endSessions,
  killSessions: nothing,
  killAllSessions: nothing,
  refreshSessions: nothing,
  startSession: nothing,
  logout: nothing,
  setParameter,
  getParameter: {
    fields: ['featureCompatibilityVersion', 'allParameters', 'authenticationMechanisms'],
    run: () => ({ featureCompatibilityVersion: { version: '8.0' }, ok: 1 }),
  },
  connectionStatus: {
    fields: ['showPrivileges'],
    run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ok: 1 }),
  },
  whatsmyuri: { fields: [], run: ({ connectionId }) => ({ you: `127.0.0.1:${connectionId}`, ok: 1 }) },
  hostInfo: {
    fields: [],
    run: () => ({ system: { currentTime: new Date(), hostname: hostname() }, os: {}, extra: {}, ok: 1 }),
  },
  getLog: { fields: [], run: () => ({ totalLinesWritten: new Int32(0), log: [], ok: 1 }) },
  getCmdLineOpts: { fields: [], run: () => ({ argv: ['zhiyin-sandbox-mongo'], parsed: {}, ok: 1 }) },
  replSetGetStatus: {
    fields: [],
    run: ({ server }) => ({
      set: SET_NAME,
      date: new Date(),
      myState: new Int32(1),
      members: [
        {
          _id: new Int32(0),
          name: `${server.host}:${server.port}`,
          health: 1,
          state: new Int32(1),
          stateStr: 'PRIMARY',
          self: true,
        },
      ],
      ok: 1,
    }),
  },
}
