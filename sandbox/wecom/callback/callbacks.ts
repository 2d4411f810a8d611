import type { z } from 'zod'
import type { CallbackDelivery, CallbackMode, CallbackRelease } from '../admin/contract.ts'
import type { Clock } from '../clock.ts'
import type { Live } from '../live.ts'
import type { WecomOptions } from '../options.ts'
import { seal, type How } from './envelope.ts'
import { post } from './transport.ts'
import { bombXml, toXml, type EventFields } from './xml.ts'

type Delivery = z.infer<typeof CallbackDelivery>
type Mode = z.infer<typeof CallbackMode>
type Order = z.infer<typeof CallbackRelease>['order']

/** Sends events to the receiver, three times at most, and remembers every attempt. */
export interface Callbacks {
  /** Adds the common fields, seals and sends (or holds, drops, delays, as the mode says). Answers one delivery per copy. */
  emit(fields: EventFields, how?: How): Delivery[]
  mode(): Mode
  setMode(mode: Mode): void
  /** Sends what is held, one after the other in the given order. */
  release(order: Order): Promise<Delivery[]>
  /** `since` is epoch ms (inclusive) or the id of the last delivery known. */
  query(since?: string): Delivery[]
  /** Deliveries that are neither done nor held. */
  pending(): number
  /** Forgets everything; a request under way is finished. */
  reset(): void
}

const KEPT = 20_000
const PARALLEL = 16
const LATE_S = 600
/** An attacker's message comes once; only the platform's own are tried again. */
const HOSTILE: readonly How[] = ['garbled', 'forged', 'wrong_receiver', 'replayed', 'bomb', 'huge']

/** @param receiver the callback URL of the moment, empty when none is set. */
export function createCallbacks(options: WecomOptions, clock: Clock, live: Live, receiver: () => string): Callbacks {
  let mode: Mode = { repeat: 1, hold: false, dropPercent: 0, delayMs: 0 }
  let log: Delivery[] = []
  let held: { delivery: Delivery; how: How }[] = []
  let queue: (() => Promise<void>)[] = []
  let running = 0
  let pending = 0
  let next = 1
  let generation = 0

  const tell = (delivery: Delivery): void =>
    live.publish({ type: 'callback', id: delivery.id, event: delivery.event, state: delivery.state })

  const attempt = async (delivery: Delivery, how: How): Promise<boolean> => {
    const url = receiver()
    const envelope = seal(delivery.xml, options, clock.seconds(), how)
    delivery.attempts.push(await post(url, envelope, options.callbackTimeoutMs, clock.now()))
    return delivery.attempts.at(-1)?.status === 200
  }

  /** All attempts of one delivery; `first` is called after the first. */
  const deliver = async (delivery: Delivery, how: How, first?: () => void): Promise<void> => {
    const born = generation
    const waits = HOSTILE.includes(how) ? [] : options.retryMs
    let done = await attempt(delivery, how)
    first?.()
    for (const wait of waits) {
      if (done || born !== generation) break
      await sleep(wait)
      done = await attempt(delivery, how)
    }
    delivery.state = done ? 'delivered' : 'given_up'
    if (born === generation) pending -= 1
    tell(delivery)
  }

  const pump = (): void => {
    while (running < PARALLEL) {
      const job = queue.shift()
      if (!job) return
      running += 1
      void job().finally(() => {
        running -= 1
        pump()
      })
    }
  }

  const start = (delivery: Delivery, how: How): void => {
    pending += 1
    const born = generation
    const enter = (): void => {
      if (born !== generation) return
      // A slot is kept for the first attempt only, so that retries do not hold up others.
      queue.push(() => new Promise((resolve) => void deliver(delivery, how, resolve)))
      pump()
    }
    if (mode.delayMs > 0) setTimeout(enter, mode.delayMs)
    else enter()
  }

  return {
    emit(fields, how = 'once') {
      const created = clock.seconds() - (how === 'late' ? LATE_S : 0)
      const full: EventFields = {
        ToUserName: options.corpId,
        FromUserName: 'sys',
        CreateTime: created,
        MsgType: 'event',
        ...fields,
      }
      const xml = how === 'bomb' ? bombXml(full) : toXml(full)
      const event = [full['Event'], full['ChangeType']].filter((part) => part !== undefined).join('.')
      const copies = how === 'twice' ? 2 : mode.repeat
      const made: Delivery[] = []
      for (let copy = 0; copy < copies; copy++) {
        const delivery: Delivery = {
          id: `C${String(next++).padStart(8, '0')}`,
          at: clock.now(),
          event,
          xml,
          attempts: [],
          state: 'pending',
        }
        made.push(delivery)
        log.push(delivery)
        if (receiver() === '' || Math.random() * 100 < mode.dropPercent) delivery.state = 'dropped'
        else if (mode.hold) {
          delivery.state = 'held'
          held.push({ delivery, how })
        } else start(delivery, how)
        tell(delivery)
      }
      if (log.length > KEPT * 1.2) log = log.slice(-KEPT)
      return made
    },
    mode: () => mode,
    setMode: (wanted) => {
      mode = wanted
    },
    async release(order) {
      const released = ordered(held, order)
      held = []
      for (const { delivery } of released) delivery.state = 'pending'
      pending += released.length
      for (const { delivery, how } of released) {
        await new Promise<void>((resolve) => void deliver(delivery, how, resolve))
      }
      return released.map((one) => one.delivery)
    },
    query(since) {
      if (since === undefined || since === '') return log
      return log.filter((one) => (/^\d+$/.test(since) ? one.at >= Number(since) : one.id > since))
    },
    pending: () => pending,
    reset() {
      generation += 1
      queue = []
      held = []
      log = []
      pending = 0
      mode = { repeat: 1, hold: false, dropPercent: 0, delayMs: 0 }
    },
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** A copy in the wanted order. */
function ordered<T>(list: T[], order: Order): T[] {
  if (order === 'normal') return [...list]
  if (order === 'reverse') return list.toReversed()
  const drawn = list.map((item) => ({ item, at: Math.random() }))
  return drawn.toSorted((a, b) => a.at - b.at).map(({ item }) => item)
}
