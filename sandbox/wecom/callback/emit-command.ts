import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { admin } from '../admin/api.ts'
import { AdminError, createAdminClient, type AdminCall } from '../admin/client.ts'
import { How, type CallbackDelivery } from '../admin/endpoints/callbacks.ts'
import { EVENTS, eventsNamed } from './catalog/catalog.ts'

type Delivery = z.infer<typeof CallbackDelivery>

const HOWS = How.options
const PATIENCE_MS = 25_000

/** What was asked for on the command line. */
export interface EmitRequest {
  event: string
  fields: Record<string, string | string[]>
  full: boolean
  how: How
}

/** Reads `<event> [--twice | --late | --garbled …] [--full] [key=value …]`; a string says what is wrong with it. */
export function readRequest(args: string[]): EmitRequest | string {
  const request: EmitRequest = { event: '', fields: {}, full: false, how: 'once' }
  for (const arg of args) {
    const pair = /^(\w+)=([^]*)$/.exec(arg)
    if (pair) request.fields[pair[1] ?? ''] = pair[2] ?? ''
    else if (arg === '--full') request.full = true
    else if (arg.startsWith('--')) {
      const how = HOWS.find((one) => one === arg.slice(2).replaceAll('-', '_'))
      if (!how) return `unknown flag ${arg}; there are --full ${HOWS.map((one) => `--${one}`).join(' ')}`
      request.how = how
    } else if (request.event === '') request.event = arg
    else return `"${arg}" is neither a flag nor key=value`
  }
  const names = eventsNamed(request.event)
  const [only] = names
  if (names.length === 1 && only !== undefined) return { ...request, event: only }
  const problem =
    request.event === ''
      ? 'which event?'
      : names.length > 1
        ? `"${request.event}" is ambiguous`
        : `unknown event "${request.event}"`
  const list = names.length > 1 ? names : Object.keys(EVENTS)
  return `${problem}\n${list.map((name) => `  ${name}`).join('\n')}`
}

/** Emits on a running stand-in, waits for the outcome, and tells it in plain words. */
export async function emit(base: string, request: EmitRequest, say: (line: string) => void): Promise<boolean> {
  const call = createAdminClient(base)
  const sent = await call(admin.callbacks.emit, { body: request }).catch((error: unknown) => {
    if (!(error instanceof AdminError) || error.status !== 0) throw error
    throw new Error(`no WeCom stand-in answers at ${base} (start one with: npm start)`, { cause: error })
  })
  say(`${request.event} (${request.how})`)
  for (const message of new Set(sent.map((one) => one.message.slice(0, 4000)))) say(`  ${message}`)
  const done = await outcome(call, sent)
  for (const delivery of done) say(wording(delivery))
  return done.every((delivery) => delivery.state === 'delivered')
}

/** Asks until nothing is under way any more. */
async function outcome(call: AdminCall, sent: Delivery[]): Promise<Delivery[]> {
  const ids = new Set(sent.map((delivery) => delivery.id))
  const since = String(sent[0]?.at ?? 0)
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const all = await call(admin.callbacks.list, { query: { since } })
    const ours = all.filter((delivery) => ids.has(delivery.id))
    if (ours.every((delivery) => delivery.state !== 'pending') || Date.now() > until) return ours
    await wait(20)
  }
}

function wording({ id, state, attempts }: Delivery): string {
  const tries = attempts
    .map((one) => (one.status === null ? (one.error ?? 'no answer') : `HTTP ${one.status} in ${one.ms} ms`))
    .join(', ')
  switch (state) {
    case 'delivered':
      return `${id}: delivered (${tries})`
    case 'given_up':
      return `${id}: not accepted, ${attempts.length} attempt${attempts.length === 1 ? '' : 's'} (${tries})`
    case 'held':
      return `${id}: held back; POST /sandbox/api/callbacks/release sends it`
    case 'waiting':
      return `${id}: waits for the clock, as the mode says`
    case 'dropped':
      return `${id}: not sent: there is no callback URL, or the mode drops it`
    case 'pending':
      break
  }
  return `${id}: still under way (${tries || 'no attempt yet'})`
}
