import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { CallbackDelivery, EmitCallback, State } from '../admin/contract.ts'
import { EVENTS, eventsNamed, headOf } from './catalog.ts'
import type { EventFields } from './xml.ts'

type Company = z.infer<typeof State>
type Delivery = z.infer<typeof CallbackDelivery>

const HOWS = EmitCallback.shape.how.unwrap().options
const PATIENCE_MS = 25_000

/** What was asked for on the command line. */
export interface EmitRequest {
  event: string
  fields: Map<string, string>
  how: (typeof HOWS)[number]
}

/** Reads `<event> [--twice | --late | --garbled …] [key=value …]`; a string says what is wrong with it. */
export function readRequest(args: string[]): EmitRequest | string {
  const request: EmitRequest = { event: '', fields: new Map(), how: 'once' }
  for (const arg of args) {
    const pair = /^(\w+)=([^]*)$/.exec(arg)
    if (pair) request.fields.set(pair[1] ?? '', pair[2] ?? '')
    else if (arg.startsWith('--')) {
      const how = HOWS.find((one) => one === arg.slice(2).replaceAll('-', '_'))
      if (!how) return `unknown flag ${arg}; there are ${HOWS.map((one) => `--${one}`).join(' ')}`
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

/** The event's sample fields, filled from the company and overruled by what was given. */
function fieldsFor(request: EmitRequest, company: Company): EventFields {
  const sample = EVENTS[request.event] ?? {}
  const fields: EventFields = headOf(request.event)
  for (const [name, value] of Object.entries(sample)) fields[name] = fill(value, company)
  for (const [name, text] of request.fields) {
    const like = sample[name]
    if (typeof like === 'number') fields[name] = Number(text)
    else fields[name] = Array.isArray(like) ? text.split(',') : text
  }
  return fields
}

function fill(value: string | number | string[], company: Company): string | number | string[] {
  if (Array.isArray(value)) return value.map((item) => String(fill(item, company)))
  if (typeof value === 'number' || !value.startsWith('@')) return value
  const pair = company.relations.at(-1)
  const samples: Record<string, string | undefined> = {
    '@member': pair?.userid ?? company.members[0]?.userid,
    '@customer': pair?.external_userid ?? company.customers[0]?.external_userid,
    '@group': company.groups.find((group) => group.kind === 'customer')?.chat_id,
    '@tag': company.tags[0]?.id,
  }
  return samples[value] ?? `sample_${value.slice(1)}`
}

/** Emits on a running stand-in, waits for the outcome, and tells it in plain words. */
export async function emit(base: string, request: EmitRequest, say: (line: string) => void): Promise<boolean> {
  const company = State.parse(await answer(`${base}/sandbox/api/state`))
  const fields = fieldsFor(request, company)
  const sent = Deliveries.parse(await answer(`${base}/sandbox/api/callbacks`, { fields, how: request.how }))
  say(`${request.event} (${request.how}) for ${company.app.callbackUrl || 'nobody: no callback URL is set'}`)
  for (const [name, value] of Object.entries(fields)) say(`  ${name} = ${String(value)}`)
  const done = await outcome(base, sent)
  for (const delivery of done) say(wording(delivery))
  return done.every((delivery) => delivery.state === 'delivered')
}

const Deliveries = z.array(CallbackDelivery)

/** Asks until nothing is under way any more. */
async function outcome(base: string, sent: Delivery[]): Promise<Delivery[]> {
  const ids = new Set(sent.map((delivery) => delivery.id))
  const since = sent[0]?.at ?? 0
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const all = Deliveries.parse(await answer(`${base}/sandbox/api/callbacks?since=${since}`))
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
    case 'dropped':
      return `${id}: not sent: there is no callback URL, or the mode drops it`
    case 'pending':
      break
  }
  return `${id}: still under way (${tries || 'no attempt yet'})`
}

async function answer(url: string, body?: unknown): Promise<unknown> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new Error(`no WeCom stand-in answers at ${new URL(url).origin} (start one with: npm start)`, { cause: error })
  })
  if (!response.ok) throw new Error(`${url} answered HTTP ${response.status}: ${await response.text()}`)
  return response.json()
}
