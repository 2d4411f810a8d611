import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bareBullmq } from './lib/bare-bullmq.ts'
import { startOutbox } from './lib/outbox-rooms.ts'
import type { Bench } from './main.ts'
import { median } from './lib/report.ts'
import { startStack, type Stack } from '../sandbox/stack/stack.ts'
import { admin } from '../sandbox/wecom/admin/api.ts'
import { createAdminClient } from '../sandbox/wecom/admin/client.ts'

const rounds = 3
const sends = 4000
const reps = 10
const chunk = 500

/** Who holds the customer with this index. */
const repOf = (index: number): string => `rep${index % reps}`

/** People who exist in the stand-in, so that WeCom takes every receiver. Their callbacks and WeCom's call limits are not wanted here. */
const populate = async (stack: Stack): Promise<string[]> => {
  const act = createAdminClient(stack.wecomUrl)
  await act(admin.callbacks.setMode, { body: { dropPercent: 100 } })
  await act(admin.limits.change, { body: { perMinute: null, addressPerMinute: null } })
  for (let rep = 0; rep < reps; rep++)
    await act(admin.company.saveMember, { body: { userid: `rep${rep}`, name: `顾问${rep}` } })
  const ids: string[] = []
  for (let index = 0; index < sends; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, async (_each, offset) => {
        const { external_userid } = await act(admin.customers.create, { body: { name: `客户${index + offset}` } })
        ids.push(external_userid)
        await act(admin.customers.add, { body: { userid: repOf(ids.length - 1), external_userid } })
      }),
    )
  return ids
}

/**
 * Mass sends per second through the outbox, from wanted to sent (permitted with caps counted, claimed, called, settled), with the real
 * queues, database and stand-in, against bare BullMQ adding (in bulk) and processing as many empty jobs; the two in turn.
 */
export const bench: Bench = {
  targets: { ratio: { atLeast: 0.3 } },
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const stack = await startStack({ root: process.cwd(), dataDir, split: true })
    await stack.processes.worker?.stop()
    const people = await populate(stack)
    const { redisUrl } = stack
    const rooms = await startOutbox(stack, { repOf: (id) => repOf(Number(id.slice(1))), gatherMs: 0 })
    const { outbox, mongo } = rooms
    const intents = mongo.connection.collection('intents')

    const ours = async (round: number): Promise<number> => {
      const began = performance.now()
      for (let from = 0; from < sends; from += chunk)
        await outbox.wantMany(
          people.slice(from, from + chunk).map((externalUserId, i) => ({
            key: `${round}:${from + i}`,
            channel: 'mass',
            customerId: `c${from + i}`,
            externalUserId,
            userid: repOf(from + i),
            body: { text: `第 ${round} 轮`, attachments: [] },
            cause: { ruleId: `r${round}`, rule: '召回', runId: `run${round}:${from + i}`, stepId: 's1' },
            expiresAt: new Date(Date.now() + 86_400_000),
          })),
        )
      // One look into the index of what is unfinished: counting the settled ones would be a load of its own.
      const unfinished = {
        channel: 'mass',
        state: { $in: ['wanted', 'permitted', 'claimed', 'unsure'] },
        lookAt: { $exists: true },
      }
      while ((await intents.findOne(unfinished, { projection: { _id: 1 } })) !== null) await sleep(10)
      return sends / ((performance.now() - began) / 1000)
    }

    try {
      const [own, bare, ratios]: [number[], number[], number[]] = [[], [], []]
      for (let round = 0; round < rounds; round++) {
        const mine = await ours(round)
        const theirs = await bareBullmq(redisUrl, `bare${round}`, sends)
        own.push(mine)
        bare.push(theirs)
        ratios.push(mine / theirs)
        console.log(
          `  round ${round + 1} of ${rounds}: outbox ${mine.toFixed(0)}/s, bare BullMQ ${theirs.toFixed(0)}/s`,
        )
      }
      const failed = await intents.countDocuments({ state: { $ne: 'sent' } })
      return {
        ratio: median(ratios),
        ratio_min: Math.min(...ratios),
        ratio_max: Math.max(...ratios),
        sends_per_s: median(own),
        bare_per_s: median(bare),
        not_sent: failed,
      }
    } finally {
      await rooms.close()
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
