import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { dispatch } from '../commands/dispatch.ts'
import type { Server } from '../commands/request.ts'
import { toNumber } from '../bson/values.ts'
import { frameReply, parseMessage, type Message } from './message.ts'

const MAX_MESSAGE = 48_000_000 + 16 * 1024

/** Cuts a stream of bytes into whole messages. */
class Framing {
  private pieces: Buffer[] = []
  private length = 0

  /** Takes in bytes and gives out the messages now complete; throws RangeError for an impossible length. */
  push(bytes: Buffer): Buffer[] {
    this.pieces.push(bytes)
    this.length += bytes.length
    const out: Buffer[] = []
    while (this.length >= 4) {
      const size = this.head(4).readInt32LE(0)
      if (size < 16 || size > MAX_MESSAGE) throw new RangeError(`A message of ${size} bytes is not possible`)
      if (this.length < size) break
      const whole = this.head(size)
      out.push(whole.subarray(0, size))
      this.pieces = whole.length > size ? [whole.subarray(size)] : []
      this.length -= size
    }
    return out
  }

  private head(size: number): Buffer {
    const [first] = this.pieces
    if (first !== undefined && first.length >= size) {
      if (this.pieces.length > 1 && size > 4) this.pieces = [Buffer.concat(this.pieces)]
      return this.pieces[0] ?? first
    }
    const joined = Buffer.concat(this.pieces)
    this.pieces = [joined]
    return joined
  }
}

/**
 * How long a hello waits for news of the topology, of which there are none; 0: it is answered at once. Drivers watch their server with
 * one such question, which is answered again and again until they hang up.
 */
function patienceOf({ body }: Message): number {
  return 'hello' in body && 'topologyVersion' in body ? (toNumber(body.maxAwaitTimeMS) ?? 0) : 0
}

/** A client being served. `finish` answers the command at work, refuses what waits behind it and hangs up. */
export interface Connection {
  finish(): Promise<void>
}

/** Serves one client: its commands are answered one after the other. `gone` is called when it has left and nothing of it is at work. */
export function serveConnection(server: Server, socket: Socket, connectionId: number, gone: () => void): Connection {
  const framing = new Framing()
  const waiting: Buffer[] = []
  const leaving = new AbortController()
  let working: Promise<void> | undefined
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => leaving.abort())
  socket.on('close', () => void (working ?? Promise.resolve()).then(gone))
  socket.on('data', (bytes) => {
    try {
      waiting.push(...framing.push(bytes))
    } catch {
      socket.destroy()
      return
    }
    if (waiting.length > 0) working ??= work()
  })

  async function work(): Promise<void> {
    try {
      for (let bytes = waiting.shift(); bytes !== undefined; bytes = waiting.shift()) {
        await answer(parseMessage(bytes))
      }
    } catch {
      socket.destroy()
    }
    working = undefined
  }

  async function answer(message: Message): Promise<void> {
    const patience = patienceOf(message)
    const more = message.stream && patience > 0
    do {
      if (patience > 0) await sleep(patience, undefined, { signal: leaving.signal, ref: false })
      const reply = await dispatch(server, { body: message.body, documents: message.documents, connectionId })
      if (!message.silent && !socket.destroyed) socket.write(frameReply(message, reply, more))
    } while (more)
  }

  return {
    async finish() {
      leaving.abort()
      await working
      socket.destroySoon()
    },
  }
}
