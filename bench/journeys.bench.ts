import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { contents } from '@zhiyin/shared/api/contents'
import { rules } from '@zhiyin/shared/api/rules'
import { createLog } from '../server/platform/log.ts'
import { connectMongo, type Mongo } from '../server/platform/mongo.ts'
import { privateRedis } from '../sandbox/stack/redis.ts'
import { freePort } from '../sandbox/stack/process.ts'
import { bareWrites } from './lib/bare-writes.ts'
import { liveMb } from './lib/live-memory.ts'
import { startMongoProcess } from './lib/mongo-process.ts'
import { startProduct, type Product } from './lib/product.ts'
import { segmentCustomers } from './lib/segment-customers.ts'
import { virtualClock } from './lib/virtual-clock.ts'
import type { Bench } from './main.ts'

const many = 100_000
const admin = { kind: 'key', name: 'bench', role: 'admin' } as const
const database = 'journeys'
const day = 86_400_000
const events = 2_000
const [fewRules, manyRules] = [10, 1_000]
const steps = 5
/** How often a run goes on: at its beginning, and after each of its two waits. */
const advances = 3
const bareJobs = 20_000

/** The least writes a recall takes: each document that is made, and one write a run each time it has gone on. */
const writesOf = async ({ connection }: Mongo, ruleId: string): Promise<number> => {
  const count = (name: string, filter: Record<string, unknown>) => connection.collection(name).countDocuments(filter)
  const [runs, intents, tasks, facts] = await Promise.all([
    count('ruleruns', { ruleId }),
    count('intents', { 'cause.ruleId': ruleId }),
    count('tasks', { kind: 'rule' }),
    count('facts', { source: 'rule', 'payload.ruleId': ruleId }),
  ])
  return runs * (1 + advances) + intents + tasks + facts
}

/** Rules that begin with a behaviour of a name of their own, on. */
const addRules = async ({ ask }: Product, from: number, to: number): Promise<void> => {
  for (let n = from; n < to; n++) {
    const { id } = await ask(rules.create, {
      actor: admin,
      body: {
        name: `行为 ${n}`,
        trigger: { type: 'event', event: 'behavior.tracked', name: `page ${n}` },
        steps: [{ id: 'note', type: 'set_attribute', key: 'city', value: '上海' }],
        limits: { reentryDays: 0 },
      },
    })
    await ask(rules.turnOn, { params: { id }, body: {}, actor: admin })
  }
}

/** Seconds an event takes, from its request to its customer being worked through and shown to the rules, of which one takes them in. */
const secondsAnEvent = async (product: Product, round: string): Promise<number> => {
  const batches = Array.from({ length: events / 100 }, (_batch, b) =>
    Array.from({ length: 100 }, (_each, i) => ({
      type: 'track',
      messageId: `${round}-${b}-${i}`,
      userId: `u${(b * 100 + i) % 1000}`,
      event: `page ${i % fewRules}`,
      properties: {},
    })),
  )
  const began = performance.now()
  await Promise.all(batches.map((batch) => product.take(batch)))
  await product.idle()
  return (performance.now() - began) / 1000 / events
}

/**
 * Everybody through a recall of five steps in virtual time (send, wait, send, wait, task), from coming in to the end: steps a second
 * against bare BullMQ jobs that do as many writes; the heap at the end against that after a fifth; and what an event costs with 1,000 rules
 * on against 10. Nothing goes to WeCom: sends are wanted, and stay so. `--customers N` for another many.
 */
export const bench: Bench = {
  targets: { ratio: { atLeast: 0.5 }, memory_ratio: { atMost: 1.5 }, rules_ratio: { atMost: 2 } },
  run: async (args) => {
    const at = args.indexOf('--customers')
    const customers = at === -1 ? many : Number(args[at + 1])
    const folder = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const server = await startMongoProcess(16)
    const port = await freePort()
    const redis = privateRedis(folder, port)
    await redis.start()
    const redisUrl = `redis://127.0.0.1:${port}`
    const clock = virtualClock()
    const product = await startProduct(
      { mongo: server, database, redisUrl, clock },
      {
        lanes: ['soon', 'bulk'],
        sweeps: ['events', 'rules', 'rules.walks'],
      },
    )
    const mongo = await connectMongo(server.url(database), createLog('error'))
    const runs = mongo.connection.collection('ruleruns')
    const walks = mongo.connection.collection('ruleoccurrences')
    const { ask } = product
    const say = (text: string): void => console.log(`  ${text}`)
    try {
      await segmentCustomers(mongo, customers, await product.deps.definitions.fresh(), clock.date())
      say(`${customers} customers made`)

      await addRules(product, 0, fewRules)
      await secondsAnEvent(product, 'warm')
      const few = await secondsAnEvent(product, 'few')
      await addRules(product, fewRules, manyRules)
      await secondsAnEvent(product, 'again')
      const lots = await secondsAnEvent(product, 'many')
      say(
        `an event with ${fewRules} rules ${(few * 1000).toFixed(2)} ms, with ${manyRules} ${(lots * 1000).toFixed(2)} ms`,
      )

      const content = await ask(contents.create, {
        actor: admin,
        body: { name: '召回', body: { text: '{{ customer.name }}，好久不见' } },
      })
      const send = (id: string) => ({ id, type: 'send', channel: 'mass', contentId: content.id, expireHours: 720 })
      const recall = await ask(rules.create, {
        actor: admin,
        body: {
          name: '沉默召回',
          trigger: { type: 'schedule', at: '10:00', weekdays: [], monthdays: [] },
          steps: [
            send('gentle'),
            { id: 'rest', type: 'wait', hours: 72 },
            send('coupon'),
            { id: 'again', type: 'wait', hours: 96 },
            { id: 'call', type: 'task', title: '打个电话' },
          ],
          limits: { reentryDays: 0 },
        },
      })
      const heaps: number[] = []
      const began = performance.now()
      await ask(rules.turnOn, { params: { id: recall.id }, body: { meetNow: true }, actor: admin })
      /** Until nobody is due, by the index of what is. */
      const settle = async (): Promise<void> => {
        const due = () => runs.findOne({ dueAt: { $lte: clock.date() }, lookAt: { $exists: true } })
        for (let looks = 1; (await due()) !== null; looks++) {
          await sleep(200)
          if (looks % 25 === 0) heaps.push(liveMb())
        }
      }
      while ((await walks.findOne({ ruleId: recall.id, done: true })) === null) await sleep(100)
      await settle()
      clock.leap(3 * day)
      await settle()
      clock.leap(4 * day)
      await settle()
      await product.idle()
      const seconds = (performance.now() - began) / 1000
      const writes = await writesOf(mongo, recall.id)
      const bare = await bareWrites(redisUrl, server.client, bareJobs)
      const ours = (customers * steps) / seconds
      const theirs = (bare * customers * steps) / writes
      const finished = await runs.countDocuments({ ruleId: recall.id, state: 'finished' })
      if (finished !== customers) throw new Error(`${finished} of ${customers} came to the end`)
      const end = liveMb()
      const early = heaps[Math.floor(heaps.length / 5)] ?? end
      return {
        customers,
        seconds,
        steps_per_s: ours,
        writes_a_customer: writes / customers,
        bare_writes_per_s: bare,
        bare_steps_per_s: theirs,
        ratio: ours / theirs,
        heap_early_mb: early,
        heap_end_mb: end,
        memory_ratio: end / early,
        event_ms_10_rules: few * 1000,
        event_ms_1000_rules: lots * 1000,
        rules_ratio: lots / few,
      }
    } finally {
      await mongo.close()
      await product.close()
      await redis.stop()
      await server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
