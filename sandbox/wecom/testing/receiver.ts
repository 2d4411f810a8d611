import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { readBody } from '../api/body.ts'
import type { Keys } from '../callback/envelope.ts'
import { open, signatureOf } from './reader.ts'

/** What a careful receiver makes of one callback. */
interface Received {
  signed: boolean
  timestamp: number
  bytes: number
  /** The text inside: XML, for a bot JSON; null when it could not be decrypted. */
  xml: string | null
  receiveid: string | null
}

export interface Receiver {
  url: string
  received: Received[]
  /** What the next requests get: an HTTP status, a number of ms of silence before 200, or a body. Afterwards `success`. */
  next: ({ status: number } | { silentMs: number } | { body: string })[]
  /** Waits until `count` callbacks have come. */
  until(count: number): Promise<Received[]>
  close(): Promise<void>
}

const Query = z.object({
  msg_signature: z.string(),
  timestamp: z.string(),
  nonce: z.string(),
  echostr: z.string().optional(),
})
const JsonBody = z.object({ encrypt: z.string() })

/** A callback receiver that checks everything and remembers. */
export async function startReceiver(keys: Keys, form: 'xml' | 'json' = 'xml'): Promise<Receiver> {
  const received: Received[] = []
  const next: Receiver['next'] = []

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const query = Query.parse(Object.fromEntries(new URL(request.url ?? '', 'http://x').searchParams))
    const { timestamp, nonce, echostr } = query
    if (echostr !== undefined) {
      const opened = open(keys.aesKey, echostr)
      const signed = signatureOf(keys.token, timestamp, nonce, echostr) === query.msg_signature
      const passes = signed && opened.receiveid === keys.corpId
      response.writeHead(passes ? 200 : 403).end(passes ? opened.message : '')
      return
    }
    const body = (await readBody(request))?.toString('utf8') ?? ''
    const encrypted =
      form === 'xml' ? (/<Encrypt><!\[CDATA\[([^\]]*)/.exec(body)?.[1] ?? '') : JsonBody.parse(JSON.parse(body)).encrypt
    const signed = signatureOf(keys.token, timestamp, nonce, encrypted) === query.msg_signature
    received.push({ signed, timestamp: Number(timestamp), bytes: body.length, ...opened(keys, encrypted) })
    const plan = next.shift() ?? { status: 200 }
    if ('silentMs' in plan) await wait(plan.silentMs)
    response.writeHead('status' in plan ? plan.status : 200).end('body' in plan ? plan.body : 'success')
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = z.object({ port: z.int() }).parse(server.address())
  return {
    url: `http://127.0.0.1:${address.port}/wecom/callback?kept=1`,
    received,
    next,
    async until(count) {
      const end = Date.now() + 5000
      while (received.length < count && Date.now() < end) await wait(5)
      if (received.length < count) throw new Error(`only ${received.length} of ${count} callbacks came`)
      return received
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Garbled text does not decrypt, or to something without a message. */
function opened(keys: Keys, encrypted: string): Pick<Received, 'xml' | 'receiveid'> {
  try {
    const { message, receiveid } = open(keys.aesKey, encrypted)
    return { xml: message, receiveid }
  } catch (error) {
    return { xml: null, receiveid: error instanceof Error ? null : String(error) }
  }
}
