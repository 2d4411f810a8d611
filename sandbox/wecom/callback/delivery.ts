import type { z } from 'zod'
import { bends, type CallbackDelivery, type How } from '../admin/endpoints/callbacks.ts'
import type { Clock } from '../clock.ts'
import type { WecomOptions } from '../options.ts'
import { seal, type Keys } from './envelope.ts'
import { openReply } from './reply.ts'
import { post } from './transport.ts'

export type Delivery = z.infer<typeof CallbackDelivery>

/** The receiver of the moment: where it listens (empty: nowhere) and what it shares with us. */
export interface Address {
  url: string
  keys: Keys
  form: 'xml' | 'json'
}

/** Carries deliveries to the receiver: a few at a time, each up to three times. */
export interface Courier {
  /** Sends it when a slot is free; answers when the next attempt is over, or waited for. The rest follows by itself. */
  send(delivery: Delivery): Promise<void>
  /** Deliveries under way, those between two attempts included. */
  pending(): number
  /** Gives up all that is under way: nothing of it is told any more. */
  stop(): void
}

const PARALLEL = 16
const HOSTILE: readonly How[] = bends

/** An attacker's message comes once; only the platform's own are tried again. */
export function isHostile(how: How): boolean {
  return HOSTILE.includes(how)
}

/** @param changed hears of every attempt and the end of each delivery */
export function createCourier(
  options: WecomOptions,
  clock: Clock,
  addressOf: (to: Delivery['to']) => Address,
  changed: (delivery: Delivery) => void,
): Courier {
  let queue: (() => Promise<void>)[] = []
  let running = 0
  let pending = 0
  let generation = 0

  /** One attempt; tells whether it was accepted. */
  const attempt = async (delivery: Delivery): Promise<boolean> => {
    const { url, keys, form } = addressOf(delivery.to)
    const envelope = seal(delivery.message, keys, form, clock.seconds(), delivery.how)
    const { attempt: outcome, text } = await post(url, envelope, options.callbackTimeoutMs, clock.now())
    delivery.attempts.push(outcome)
    if (outcome.status !== 200) return false
    try {
      const reply = openReply(text, keys, form)
      if (reply !== null) delivery.reply = reply
    } catch (error) {
      outcome.error = error instanceof Error ? error.message : String(error)
    }
    return true
  }

  /** All attempts that are left, with the waits between them; `free` is called when the slot is not needed any more. */
  const carry = async (delivery: Delivery, free: () => void): Promise<void> => {
    const born = generation
    const most = isHostile(delivery.how) ? 1 : 1 + options.retryMs.length
    let done = false
    while (!done && delivery.attempts.length < most) {
      const before = delivery.attempts.length
      if (before > 0) {
        free()
        await sleep(options.retryMs[before - 1] ?? 0)
      }
      if (born !== generation) return
      done = await attempt(delivery)
      if (born !== generation) return free()
      if (!done) changed(delivery)
    }
    delivery.state = done ? 'delivered' : 'given_up'
    pending -= 1
    changed(delivery)
    free()
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

  return {
    send(delivery) {
      pending += 1
      delivery.state = 'pending'
      changed(delivery)
      // A slot is kept for the first attempt only, so that retries do not hold up others.
      return new Promise((resolve) => {
        queue.push(() => new Promise<void>((free) => void carry(delivery, free)).then(resolve))
        pump()
      })
    },
    pending: () => pending,
    stop() {
      generation += 1
      queue = []
      pending = 0
    },
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
