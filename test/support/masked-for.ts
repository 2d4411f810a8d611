import { api } from '@zhiyin/shared/api'
import { signedIn } from './signed-in.ts'
import type { World } from './world.ts'

/** What there is to ask for, by id. */
export type Around = {
  customer: string
  external: string
  task: string
  broadcast: string
  segment: string
  file: string
  import: string
  /** A rule through which they have gone, with arms. */
  rule: string
  backtest: string
  push: string
  plan: string
  /** A content that was sent to them; what a person wrote into one stands there as it was written. */
  content: string
  /** What a robot said of them. */
  said: string
  /** A hand-over they are in. */
  transfer: string
}

/** Answers with ids of things that are about no customer, or are files that somebody asked for in clear for a reason. */
const aboutNobody = [
  '/api/channels/',
  '/api/groups/join-ways/',
  '/api/media/',
  '/api/privacy/exports/',
  '/api/privacy/erasures/',
  '/api/tag-rules/',
  '/api/tags/',
  '/api/tier',
]

type Declared = { readonly method: string; readonly path: string; readonly permission: string }
const declared: readonly Declared[] = Object.values(api).flatMap((room): Declared[] => Object.values(room))

const isRead = ({ method, permission }: Declared): boolean => method === 'GET' && permission !== 'public'

/** Every path there is to read that is about nothing in particular. */
export const listPaths: readonly string[] = declared.flatMap((one) =>
  isRead(one) && !one.path.includes(':') ? [one.path] : [],
)

/** Every path there is to read, with what there is put into it. Fails when a path comes in that nobody has thought of. */
const pathsOf = async (world: World, around: Around): Promise<string[]> => {
  const { items: sends } = await world.call(api.sends.list, { query: { customerId: around.customer } })
  const { items: groups } = await world.call(api.groups.list, { query: {} })
  const ids: readonly (readonly [prefix: string, id: string])[] = [
    ['/api/customers/external/', around.external],
    ['/api/customers/', around.customer],
    ['/api/measure/customers/', around.customer],
    ['/api/broadcasts/', around.broadcast],
    ['/api/segments/', around.segment],
    ['/api/segment-exports/', around.file],
    ['/api/imports/', around.import],
    ['/api/sends/', sends[0]?.id ?? ''],
    ['/api/groups/pushes/', around.push],
    ['/api/groups/', groups[0]?.id ?? ''],
    ['/api/measure/rules/', around.rule],
    ['/api/push-plans/', around.plan],
    ['/api/rules/backtests/', around.backtest],
    ['/api/rules/', around.rule],
    ['/api/contents/', around.content],
    ['/api/robots/messages/', around.said],
    ['/api/transfers/', around.transfer],
    ['/api/attributes/', 'diagnosis'],
  ]
  return declared.filter(isRead).flatMap(({ path }) => {
    if (!path.includes(':')) return [path]
    if (aboutNobody.some((prefix) => path.startsWith(prefix))) return []
    const [, id = ''] = ids.find(([prefix]) => path.startsWith(prefix)) ?? []
    if (id === '') throw new Error(`${path}: nothing to ask it for; is it about a customer?`)
    const filled = path.replace(/:(id|key)/, id)
    return path.startsWith('/api/attributes/')
      ? ['conflicts', 'rejects'].map((issue) => `${filled}?issue=${issue}`)
      : [filled]
  })
}

/** Asks for everything a member may read; answers which answer holds which of the words. `all`: they see everything, so an answer that is missing proves nothing. */
export const maskedFor = async (world: World, around: Around) => {
  const paths = await pathsOf(world, around)
  return async (userid: string, words: readonly string[], all = false): Promise<string[]> => {
    const ask = await signedIn(world, userid)
    const found: string[] = []
    for (const path of paths) {
      const response = await ask(path)
      if (response.status >= 500 || (all && response.status === 404))
        throw new Error(`${path} answered ${response.status}`)
      const text = await response.text()
      found.push(...words.flatMap((word) => (text.includes(word) ? [`${path}: ${word}`] : [])))
    }
    return found
  }
}
