import { z } from 'zod'
import { LedgerEntry, MassTask, State } from '../../admin/contract.ts'

export type Company = z.infer<typeof State>
export type Member = Company['members'][number]
export type Customer = Company['customers'][number]
export type Relation = Company['relations'][number]
export type Group = Company['groups'][number]
export type Line = z.infer<typeof LedgerEntry>
export type Task = z.infer<typeof MassTask>

/** One spoken line. A group line names `chat_id`, a single one `external_userid`. `text` is what a text-only reader shows. */
interface Speech {
  from: 'customer' | 'member'
  userid: string
  external_userid?: string
  chat_id?: string
  text: string
  msgtype?: string
  content?: unknown
}

export interface SignatureClaim {
  kind: 'config' | 'agentConfig'
  corpid: string
  agentid: string
  timestamp: string
  nonceStr: string
  signature: string
  url: string
}

/** `offline`: nobody answered; `refused`: the stand-in said no, and why; `garbled`: an answer this page can't read. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly kind: 'offline' | 'refused' | 'garbled'
  constructor(kind: ApiError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

const Refusal = z.object({ error: z.string() })
const Scanned = z.object({ userid: z.string(), welcome_code: z.string().nullable() })
const Verdict = z.object({ ok: z.boolean() })

export type SandboxApi = ReturnType<typeof createApi>

/** The stand-in's admin API as this page uses it; every answer is checked against the contract. */
export function createApi(fetcher: typeof fetch = (input, init) => fetch(input, init)) {
  async function call<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const init: RequestInit = { method }
    if (body !== undefined) {
      init.headers = { 'content-type': 'application/json' }
      init.body = JSON.stringify(body)
    }
    const response = await fetcher(`/sandbox/api/${path}`, init).catch((error: unknown) => {
      throw new ApiError('offline', error instanceof Error ? error.message : String(error))
    })
    const json: unknown = await response.json().catch(() => undefined)
    if (response.status >= 500) throw new ApiError('offline', `HTTP ${response.status}`)
    if (!response.ok) {
      const refusal = Refusal.safeParse(json)
      throw new ApiError('refused', refusal.success ? refusal.data.error : `HTTP ${response.status}`)
    }
    const parsed = schema.safeParse(json)
    if (!parsed.success) throw new ApiError('garbled', `${path}: ${z.prettifyError(parsed.error)}`)
    return parsed.data
  }
  const get = <T>(schema: z.ZodType<T>, path: string, query: Record<string, string> = {}) => {
    const text = new URLSearchParams(query).toString()
    return call(schema, 'GET', text ? `${path}?${text}` : path)
  }
  const act = (path: string, body: unknown) => call(z.unknown(), 'POST', path, body)
  const part = encodeURIComponent
  const pair = (userid: string, external_userid: string) => ({ userid, external_userid })

  return {
    state: () => get(State, 'state'),
    ledger: (query: Record<string, string>) => get(z.array(LedgerEntry), 'ledger', query),
    chat: (userid: string, external_userid: string) => get(z.array(LedgerEntry), 'chat', pair(userid, external_userid)),
    groupChat: (chat_id: string) => get(z.array(LedgerEntry), 'chat', { chat_id }),
    tasks: (userid: string) => get(z.array(MassTask), 'tasks', { userid }),
    confirmTask: (msgid: string, userid: string) => act(`tasks/${part(msgid)}/confirm`, { userid }),
    /** The member's own mass message, sent at once; it counts in the customers' quota. */
    massByMember: (userid: string, external_userids: readonly string[], text: string) =>
      act('mass', { userid, external_userids, text }),
    advanceClock: (ms: number) => act('clock/advance', { ms }),
    setClock: (now: number | null) => act('clock/set', { now }),
    say: (speech: Speech) => act('say', speech),
    addCustomer: (name: string) => call(z.object({ external_userid: z.string() }), 'POST', 'customers', { name }),
    scan: (config_id: string, external_userid: string) => call(Scanned, 'POST', 'scan', { config_id, external_userid }),
    deleteByCustomer: (userid: string, external_userid: string, blocked = false) =>
      act('delete-by-customer', { ...pair(userid, external_userid), blocked }),
    deleteByMember: (userid: string, external_userid: string) => act('delete-by-member', pair(userid, external_userid)),
    createGroup: (name: string, owner: string, kind: 'customer' | 'internal') =>
      call(z.object({ chat_id: z.string() }), 'POST', 'groups', { name, owner, kind }),
    joinGroup: (chat_id: string, id: string) => act(`groups/${part(chat_id)}/join`, { id }),
    leaveGroup: (chat_id: string, id: string) => act(`groups/${part(chat_id)}/leave`, { id }),
    verifySignature: (claim: SignatureClaim) =>
      call(Verdict, 'POST', 'jsapi/verify', claim).then((verdict) => verdict.ok),
  }
}
