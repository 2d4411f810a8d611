import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { frameReply } from '../../sandbox/mongo/wire/message.ts'
import { connectMongo, type Mongo } from '../../server/platform/mongo.ts'
import { quietLog } from './log.ts'
import { joined } from './joined.ts'

const OP_MSG = 2013
/** Header and flags, the kind of the section, the length of its document, the type of its first element; then the command's name. */
const nameAt = 16 + 4 + 1 + 4 + 1
const writes = new Set(['insert', 'update', 'delete', 'findAndModify', 'commitTransaction'])
/** What a driver asks whether anybody works or not. */
const idle = new Set(['hello', 'ping', 'endSessions', 'isMaster', 'ismaster'])

const nameOf = (message: Buffer): string => {
  const end = message.indexOf(0, nameAt)
  return message.readInt32LE(12) === OP_MSG ? message.toString('utf8', nameAt, end) : 'hello'
}

/** `insert intents`: the value of a command's first element is its collection. */
export const labelOf = (message: Buffer): string => {
  const name = nameOf(message)
  const from = nameAt + name.length + 1 + 4
  return name === 'commitTransaction' ? name : `${name} ${message.toString('utf8', from, message.indexOf(0, from))}`
}

/** Calls `each` with every whole message of the wire protocol. */
export const onMessages = (socket: Socket, each: (message: Buffer) => void): void => {
  let rest = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0)
      each(rest.subarray(0, size))
      rest = rest.subarray(size)
    }
  })
}

/** At the n-th write (of a kind). `before`: it is not done; `after`: it is done, and nobody learns of it. */
export type Death = { readonly write: number; readonly of?: string; readonly when: 'before' | 'after' }

/** The database as one process sees it that dies at a write: from then on it gets nothing out of it any more. */
export type Dying = {
  readonly mongo: Mongo
  /** What it wrote, `insert intents`, the last one that it died at. */
  readonly writes: readonly string[]
  isDead(): boolean
  close(): Promise<void>
}

/** Connects to the database at `url` by a relay that counts the commands that write; `death` null: it lives. */
export const startDying = async (url: string, death: Death | null): Promise<Dying> => {
  const { hostname, port } = new URL(url)
  const open = new Set<Socket>()
  const written: string[] = []
  let dead = false

  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    /** The request whose answer does not come through. */
    let lost: number | null = null
    const refuse = (requestId: number): void => {
      const reply = { ok: 0, errmsg: 'this process is dead', code: 1, codeName: 'InternalError' }
      near.write(frameReply({ requestId, opcode: OP_MSG }, reply))
    }
    joined(near, far, open)
    onMessages(near, (message) => {
      const name = nameOf(message)
      if (idle.has(name)) return void far.write(message)
      const requestId = message.readInt32LE(4)
      if (dead) return refuse(requestId)
      if (writes.has(name)) {
        const label = labelOf(message)
        written.push(label)
        const { of = label, write } = death ?? { write: null }
        dead = of === label && written.filter((one) => death?.of === undefined || one === of).length === write
      }
      if (dead && death?.when === 'before') return refuse(requestId)
      if (dead) lost = requestId
      far.write(message)
    })
    onMessages(far, (message) => {
      if (lost !== null && message.readInt32LE(8) === lost) refuse(lost)
      else near.write(message)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const relayed = new URL(url)
  relayed.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const mongo = await connectMongo(relayed.href, quietLog)
  return {
    mongo,
    writes: written,
    isDead: () => dead,
    close: async () => {
      await mongo.close()
      // The last thing it says, that its sessions are over, is still on its way.
      for (let looks = 0; open.size > 0 && looks < 100; looks += 1) await sleep(10)
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
