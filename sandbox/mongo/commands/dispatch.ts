import type { Doc } from '../bson/values.ts'
import { asMongoError, fail, type MongoError } from '../errors.ts'
import { adminCommands } from './admin.ts'
import { aggregateCommands } from './aggregate.ts'
import { bulkCommands } from './bulk.ts'
import { collectionCommands } from './collections.ts'
import { crudCommands } from './crud.ts'
import { explainCommands } from './explain.ts'
import { indexCommands } from './indexes.ts'
import { queryCommands } from './query.ts'
import { sessionFields, type Command, type Reply, type Request, type Server } from './request.ts'
import { ClosedError } from '../store/storage.ts'
import { transactionCommands, transactionOf } from './transactions.ts'

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...adminCommands,
    ...aggregateCommands,
    ...bulkCommands,
    ...collectionCommands,
    ...crudCommands,
    ...explainCommands,
    ...indexCommands,
    ...queryCommands,
    ...transactionCommands,
  }),
)

/** What serverStatus counts apart. */
const COUNTED: Readonly<Record<string, string>> = {
  insert: 'insert',
  find: 'query',
  update: 'update',
  findAndModify: 'update',
  delete: 'delete',
  getMore: 'getmore',
}

const GENERAL_FIELDS = new Set([
  '$db', 'lsid', 'txnNumber', 'autocommit', 'startTransaction', '$clusterTime', '$readPreference', 'readConcern', 'writeConcern', 'comment',
  'maxTimeMS', 'apiVersion', 'apiStrict', 'apiDeprecationErrors', '$audit', '$client', '$configServerState', 'mayBypassWriteBlocking',
  '$queryOptions', 'maxTimeMSOpOnly', '$maxTimeMS', 'rawData',
]) // prettier-ignore

/** A message with a command in it, as it came over the wire. */
export interface Incoming {
  body: Doc
  /** The documents of an insert or the statements of an update, unread. */
  documents: readonly Uint8Array[]
  connectionId: number
}

function checkFields(name: string, command: Command, body: Doc): void {
  if (command.lenient === true) return
  for (const field of Object.keys(body)) {
    if (field === name || GENERAL_FIELDS.has(field) || command.fields.includes(field)) continue
    fail(40415, `BSON field '${name}.${field}' is an unknown field.`)
  }
}

async function runIn(request: Request, command: Command): Promise<Reply> {
  const { transaction } = request
  if (transaction === undefined) return command.run(request)
  try {
    if (command.inTransaction !== true) fail(263, `Cannot run '${request.name}' in a multi-document transaction.`)
    const reply = await command.run(request)
    transaction.pristine = false
    return reply
  } catch (cause) {
    transaction.end('aborted')
    throw cause
  }
}

async function run(server: Server, { body, documents, connectionId }: Incoming): Promise<Reply> {
  const name = Object.keys(body)[0] ?? ''
  const command = COMMANDS.get(name) ?? fail(59, `no such command: '${name}'`)
  checkFields(name, command, body)
  const kind = COUNTED[name] ?? 'command'
  server.counts.set(kind, (server.counts.get(kind) ?? 0) + 1)
  const db = typeof body.$db === 'string' ? body.$db : 'admin'
  const session = sessionFields(body)
  const ends = name === 'commitTransaction' || name === 'abortTransaction'
  const inTransaction = body.autocommit === false && session !== undefined && !ends
  const transaction = inTransaction ? transactionOf(server, session, body.startTransaction === true) : undefined
  return runIn({ server, name, db, body, documents, connectionId, session, transaction }, command)
}

function errorReply(error: MongoError): Doc {
  const { code, codeName, message, labels, extra } = error
  return { ok: 0, errmsg: message, code, codeName, ...extra, ...(labels.length > 0 ? { errorLabels: labels } : {}) }
}

/** Runs one command and answers it; errors become MongoDB's error replies. */
export async function dispatch(server: Server, incoming: Incoming): Promise<Reply> {
  try {
    if (server.engine.storage.closing) throw new ClosedError()
    return await run(server, incoming)
  } catch (cause) {
    return errorReply(asMongoError(cause))
  }
}
