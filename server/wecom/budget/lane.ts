import { WecomError } from '../errors.ts'
import type { Answer } from './ledger.ts'
import { PLACE_AGAIN_MS } from './ledger.ts'
import type { Ledgers } from './ledgers.ts'
import { manners, urgencies, type PathLimits, type Urgency } from './limits.ts'

/** How long a grant may be used: so long another process may not know of a block. */
const GRANT_MS = 250
const MOST_CALLS = 64
/** What is left is given back after so much silence. */
const IDLE_MS = 500
/** The longest sleep between two looks, so that a clock that jumps without telling is noticed. */
const LOOK_MS = 1000
/** The places of calls under way are asked for again this often, so that only those of a dead process lapse. */
const RENEW_MS = 1000

type Waiting = {
  readonly urgency: Urgency
  /** By performance.now(). */
  readonly until: number
  readonly start: () => void
  readonly refuse: (error: WecomError) => void
}
type Grant = { calls: number; taken: number; rank: number; until: number }
const nothing: Grant = { calls: 0, taken: 0, rank: 0, until: 0 }

type Deps = { name: string; at: string; limits: PathLimits; ledgers: Ledgers; onIdle: () => void }

/** The calls of one path of this process: they wait by urgency for what the ledger grants, a few calls and places at a time. */
export const createLane = ({ name, at, limits, ledgers, onIdle }: Deps) => {
  const queues: Waiting[][] = urgencies.map(() => [])
  let grant = nothing
  let running = 0
  let asking = false
  /** Places that are ours, those of the running calls included. */
  let places = 0
  /** Not before that is the ledger asked again: for calls (as urgent as `askRank` or less), and for more places. */
  let askAt = 0
  let askRank = 0
  let placesAt = 0
  let askedAt = 0
  let parallel = limits.parallel
  let longestMs = 0
  let usedAt = performance.now()
  let timer: NodeJS.Timeout | undefined
  let idleTimer: NodeJS.Timeout | undefined

  const waiting = (): number => queues.reduce((sum, queue) => sum + queue.length, 0)
  const rankOfNext = (): number => queues.findIndex((queue) => queue.length > 0)

  const refuse = (afterMs: number, which: (one: Waiting) => boolean): void => {
    for (const queue of queues) {
      const refused = queue.filter(which)
      if (refused.length === 0) continue
      queue.splice(0, queue.length, ...queue.filter((one) => !which(one)))
      const told = { kind: 'blocked', path: limits.path, errcode: 45009, hint: 'not called: over the limit' } as const
      for (const one of refused) one.refuse(new WecomError({ ...told, afterMs: Math.max(1, Math.ceil(afterMs)) }))
    }
  }

  type Asked = { readonly calls: number; readonly slots: number; readonly running: number }
  const heard = (answer: Answer, rank: number, asked: Asked): void => {
    const now = performance.now()
    if (answer.state === 'blocked') return refuse(answer.afterMs, () => true)
    if (answer.state === 'granted') {
      parallel = answer.parallel
      places = answer.slots
      placesAt = places < asked.slots ? now + PLACE_AGAIN_MS : 0
      grant = { calls: answer.calls, taken: answer.calls, rank, until: now + GRANT_MS }
      return
    }
    places = asked.running
    // Not all lanes of all processes at the same moment.
    const again = now + Math.min(answer.afterMs, LOOK_MS) * (1 + Math.random() / 4)
    if (answer.why === 'place') placesAt = again
    else {
      askAt = again
      askRank = rank
      const lesser = new Set(urgencies.slice(rank))
      refuse(answer.afterMs, ({ urgency, until }) => lesser.has(urgency) && until < now + answer.afterMs)
    }
  }

  const ask = (rank: number): void => {
    asking = true
    askedAt = performance.now()
    const ahead = queues.reduce((sum, queue, index) => (index <= rank ? sum + queue.length : sum), 0)
    const used = grant.taken - grant.calls
    const asked = {
      calls: Math.min(MOST_CALLS, Math.max(ahead, 2 * used)),
      slots: Math.min(parallel, running + waiting()),
      running,
    }
    const back = grant.calls
    grant = nothing
    const urgency = urgencies[rank] ?? 'soon'
    void ledgers
      .take({ lane: name, at, limits, urgency, ...asked, back, probeMs: longestMs + 1000 })
      .then((answer) => heard(answer, rank, asked))
      .finally(() => {
        asking = false
        pump()
      })
  }

  /** Looks again then, or when the first of those who wait gives up. */
  const wake = (at: number): void => {
    const first = Math.min(at, ...queues.flatMap(([next]) => next?.until ?? []))
    timer = setTimeout(pump, Math.max(1, Math.min(LOOK_MS, first - performance.now())))
  }

  const pump = (): void => {
    clearTimeout(timer)
    for (;;) {
      const rank = rankOfNext()
      const next = queues[rank]?.[0]
      if (next === undefined) break
      const now = performance.now()
      const blockedMs = ledgers.blockedMs(at)
      if (blockedMs > 0) {
        refuse(blockedMs, () => true)
        break
      }
      const granted = grant.calls > 0 && rank <= grant.rank && now < grant.until
      if (granted && running < places) {
        queues[rank]?.shift()
        grant.calls -= 1
        running += 1
        next.start()
        continue
      }
      refuse(LOOK_MS, ({ until }) => until <= now)
      const roomAt = running < places ? 0 : running < parallel ? placesAt : Infinity
      const mayAskAt = Math.max(rank < askRank ? 0 : askAt, roomAt)
      if (now >= mayAskAt && !asking && waiting() > 0) ask(rank)
      if (!asking) wake(mayAskAt)
      break
    }
    if (waiting() === 0) restLater()
  }

  const tell = (slots: number, back: number): void =>
    void ledgers.take({ lane: name, at, limits, urgency: 'now', calls: 0, back, slots, running: slots, probeMs: 0 })
  const rest = (): void => {
    idleTimer = undefined
    const now = performance.now()
    if (running > 0 && !asking && now - askedAt >= RENEW_MS) {
      askedAt = now
      tell(running, 0)
    }
    if (running > 0 || asking || waiting() > 0 || now - usedAt < IDLE_MS) return restLater()
    const back = grant.calls
    grant = nothing
    places = 0
    onIdle()
    tell(0, back)
  }
  /** One timer, looked at when it rings, so that a call does not cost one. */
  const restLater = (): void => {
    idleTimer ??= setTimeout(rest, IDLE_MS).unref()
  }

  return {
    /** Resolves when the call may be made; rejects `blocked` when that would take too long. `leave` must follow. */
    enter: (urgency: Urgency, { patienceMs, timeoutMs }: { patienceMs: number; timeoutMs: number }): Promise<void> =>
      new Promise((start, refuse) => {
        usedAt = performance.now()
        longestMs = Math.max(longestMs, timeoutMs)
        const until = usedAt + Math.min(patienceMs, manners[urgency].patienceMs)
        queues[urgencies.indexOf(urgency)]?.push({ urgency, until, start, refuse })
        pump()
      }),
    leave: (): void => {
      running -= 1
      pump()
    },
    /** The clock has jumped: what had to wait may have become free. */
    look: (): void => {
      askAt = 0
      placesAt = 0
      pump()
    },
  }
}
