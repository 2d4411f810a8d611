import { z } from 'zod'
import { LedgerEntry, State } from '../admin/contract.ts'
import type { Secret } from '../api/endpoint.ts'
import type { WecomOptionsInput } from '../options.ts'
import { startWecom, type Wecom } from '../server.ts'
import { startReceiver, type Receiver } from './receiver.ts'

const Answer = z.looseObject({ errcode: z.int().optional(), errmsg: z.string().optional() })
type ApiAnswer = z.output<typeof Answer>

export const KEYS = {
  corpId: 'wwtest0000000001',
  token: 'TOKEN123',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  agentId: '1000002',
}

/** A corp's own bot has an empty receive id. */
export const BOT_KEYS = {
  corpId: '',
  token: 'BOT456',
  aesKey: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba',
  agentId: '',
}

/** A stand-in of its own for one test file, and short ways to talk to it. */
export interface Sandbox {
  wecom: Wecom
  url: string
  token(secret?: Secret): Promise<string>
  /** A GET of the platform's API, with the agent's token unless another is given. */
  get(path: string, query?: Record<string, string>, token?: string): Promise<ApiAnswer>
  post(path: string, body: unknown, token?: string): Promise<ApiAnswer>
  /** An act of the admin API; throws with its error. A list it answers is in `list`. */
  act(path: string, body?: unknown, method?: string): Promise<ApiAnswer>
  read<T>(path: string, schema: z.ZodType<T>): Promise<T>
  state(): Promise<z.output<typeof State>>
  ledger(query?: string): Promise<z.output<typeof LedgerEntry>[]>
  advance(ms: number): Promise<void>
  member(userid: string, name?: string): Promise<string>
  customer(name?: string): Promise<string>
  /** Two who are contacts: member `userid` and a new customer; answers the customer's id and the welcome code. */
  friends(userid: string, name?: string): Promise<{ id: string; code: string }>
  /** A callback receiver, saved as the app's URL. */
  receiver(): Promise<Receiver>
  /** A receiver for the AI bot, saved as its URL. */
  botReceiver(): Promise<Receiver>
  close(): Promise<void>
}

/** Starts a stand-in on a free port. */
export async function startSandbox(options: WecomOptionsInput = {}): Promise<Sandbox> {
  const wecom = await startWecom({
    ...KEYS,
    contactSecret: 'contact',
    agentSecret: 'agent',
    syncSecret: 'sync',
    botToken: BOT_KEYS.token,
    botAesKey: BOT_KEYS.aesKey,
    retryMs: [20, 40],
    ...options,
  })
  const { url } = wecom
  const receivers: Receiver[] = []
  const ask = async (target: string, init?: RequestInit): Promise<ApiAnswer> => {
    const response = await fetch(target, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status} ${text}`)
    const json: unknown = JSON.parse(text)
    return Answer.parse(Array.isArray(json) ? { list: json } : json)
  }
  const token = async (secret: Secret = 'agent'): Promise<string> => {
    const answer = await ask(`${url}/cgi-bin/gettoken?corpid=${KEYS.corpId}&corpsecret=${secret}`)
    return z.string().parse(answer['access_token'])
  }
  /** Asked for once, and again after whatever may end it. */
  let cached: string | undefined
  const current = async (): Promise<string> => (cached ??= await token())
  const act: Sandbox['act'] = (path, body = {}, method = 'POST') => {
    cached = undefined
    return ask(`${url}/sandbox/api/${path}`, { method, body: JSON.stringify(body) })
  }
  const read = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await fetch(`${url}/sandbox/api/${path}`)
    return schema.parse(await response.json())
  }
  const customer = async (name = '王小明'): Promise<string> =>
    z.string().parse((await act('customers', { name }))['external_userid'])

  return {
    wecom,
    url,
    token,
    get: async (path, query = {}, given) =>
      ask(
        `${url}/cgi-bin/${path}?${new URLSearchParams({ access_token: given ?? (await current()), ...query }).toString()}`,
      ),
    post: async (path, body, given) =>
      ask(`${url}/cgi-bin/${path}?access_token=${given ?? (await current())}`, {
        method: 'POST',
        body: JSON.stringify(body),
      }),
    act,
    read,
    state: () => read('state', State),
    ledger: (query = '') => read(`ledger?${query}`, z.array(LedgerEntry)),
    advance: async (ms) => void (await act('clock/advance', { ms })),
    member: async (userid, name = userid) => z.string().parse((await act('members', { userid, name }))['userid']),
    customer,
    async friends(userid, name) {
      const id = await customer(name)
      const added = await act('add', { userid, external_userid: id })
      return { id, code: z.string().parse(added['welcome_code']) }
    },
    async receiver() {
      const receiver = await startReceiver(KEYS)
      receivers.push(receiver)
      await act(
        'app',
        { callbackUrl: receiver.url, sidebarUrl: 'http://127.0.0.1:9/sidebar', trustedDomain: '127.0.0.1' },
        'PUT',
      )
      return receiver
    },
    async botReceiver() {
      const receiver = await startReceiver(BOT_KEYS, 'json')
      receivers.push(receiver)
      await act('bot', { callbackUrl: receiver.url }, 'PUT')
      return receiver
    },
    async close() {
      await wecom.close()
      await Promise.all(receivers.map((receiver) => receiver.close()))
    },
  }
}
