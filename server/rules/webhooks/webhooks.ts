import { createHmac } from 'node:crypto'
import type { BacklogOf, Sweep } from '../../flow/sweep.ts'
import type { Enqueue } from '../../flow/jobs.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { refusedAddress } from './allowed.ts'
import { webhookModel, type WebhookDoc } from './webhooks.model.ts'

const dayMs = 86_400_000
const claimMs = 60_000
const timeoutMs = 10_000
const perJob = 20

/** A call a step wants. */
export type WebhookCall = { key: string; ruleId: string; customerId: string; url: string; body: object; at: Date }

/** Doubling from 10 s to an hour. */
const backoffMs = (attempts: number): number => Math.min(3_600_000, 10_000 * 2 ** Math.min(attempts, 9))

/** The signature of a body at a moment: `t=<seconds>,v1=<hex of HMAC-SHA256 of "seconds.body">`. */
export const signatureOf = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`

type Deps = {
  mongo: Mongo
  clock: Clock
  enqueue: Enqueue
  secret: string
  /** Hosts that may be called though they are within the network, or without https. */
  trusted: ReadonlySet<string>
}

/** Calls other systems: written first, signed, repeated until they answer 2xx or a day is over. The key tells a repeated call. */
export const createWebhooks = ({ mongo, clock, enqueue, secret, trusted }: Deps) => {
  const calls = webhookModel(mongo.connection)

  /** The status, or what went wrong. */
  const call = async ({ _id, url, body }: WebhookDoc): Promise<string> => {
    try {
      const refused = await refusedAddress(url, trusted)
      if (refused !== null) return refused
      const seconds = Math.floor(clock.now() / 1000)
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': _id,
          'zhiyin-signature': signatureOf(secret, seconds, body),
        },
        body,
      })
      await answer.body?.cancel()
      return String(answer.status)
    } catch (error) {
      return error instanceof Error ? error.message.slice(0, 200) : String(error)
    }
  }

  const one = async (_id: string): Promise<void> => {
    const now = clock.date()
    const claimed = await calls
      .findOneAndUpdate(
        { _id, lookAt: { $lte: now } },
        { $set: { lookAt: new Date(now.getTime() + claimMs) }, $inc: { attempts: 1 } },
        { returnDocument: 'after' },
      )
      .lean()
    if (claimed === null) return
    const answer = await call(claimed)
    const done = /^2\d\d$/.test(answer)
    const next = new Date(clock.now() + backoffMs(claimed.attempts))
    if (done || next >= claimed.giveUpAt) {
      const state = done ? ('done' as const) : ('given_up' as const)
      await calls.updateOne({ _id, state: 'wanted' }, { $set: { state, answer }, $unset: { lookAt: 1 } })
    } else await calls.updateOne({ _id, state: 'wanted' }, { $set: { answer, lookAt: next } })
  }

  const sweep: Sweep = {
    stage: 'rules.webhooks',
    async run(now) {
      const due = await calls
        .find({ lookAt: { $lte: now } }, { _id: 1 })
        .sort({ lookAt: 1 })
        .limit(200)
        .lean()
      const ids = due.map(({ _id }) => _id)
      for (let from = 0; from < ids.length; from += perJob)
        await enqueue('rules.webhook', { ids: ids.slice(from, from + perJob) })
      return ids.length
    },
  }

  return {
    /** Idempotent by key. */
    async want(wanted: readonly WebhookCall[]): Promise<void> {
      if (wanted.length === 0) return
      await calls.bulkWrite(
        wanted.map(({ key, body, at, ...rest }) => {
          const giveUpAt = new Date(at.getTime() + dayMs)
          const state = { attempts: 0, lookAt: at, giveUpAt, state: 'wanted' as const, answer: null, createdAt: at }
          const doc = { ...rest, body: JSON.stringify(body), ...state }
          return { updateOne: { filter: { _id: key }, update: { $setOnInsert: doc }, upsert: true } }
        }),
        { ordered: false },
      )
      await enqueue('rules.webhook', { ids: wanted.slice(0, perJob).map(({ key }) => key) })
    },
    job: async ({ ids }: { ids: readonly string[] }): Promise<void> => {
      await Promise.all(ids.map(one))
    },
    sweep,
    backlog: {
      stage: 'rules.webhooks',
      async count(now: Date) {
        const due = await calls.countDocuments({ lookAt: { $lte: now } })
        return { pending: 0, due, dead: 0, oldestAt: null }
      },
    } satisfies BacklogOf,
  }
}

export type Webhooks = ReturnType<typeof createWebhooks>
