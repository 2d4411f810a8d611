import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'
import type { Stack } from '../../sandbox/stack/stack.ts'

export type Order = {
  readonly what: 'list' | 'user' | 'wrongSecret'
  readonly count: number
  readonly atOnce: number
}
const Report = z.object({ done: z.int(), refusals: z.int(), failed: z.array(z.string()) })
/** `done` calls went through; `refusals`: how often one was blocked and tried again later; `failed`: those that ended otherwise. */
export type Report = z.output<typeof Report>

export type Caller = {
  run(order: Order): Promise<Report>
  /** Without a chance to tidy up. */
  kill(): Promise<void>
}

const Answer = z.object({ id: z.int(), report: Report })

/** A process of its own with the product's adapter to WeCom, sharing the stack's Redis, secrets and clock. */
export const startCaller = async ({ wecomUrl, redisUrl, secrets }: Stack): Promise<Caller> => {
  const child = fork(join(import.meta.dirname, 'caller.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...secrets, WECOM_API_BASE: wecomUrl, REDIS_URL: redisUrl },
  })
  const waiting = new Map<number, (report: Report) => void>()
  let next = 0
  child.on('message', (message) => {
    const answer = Answer.safeParse(message)
    if (answer.success) waiting.get(answer.data.id)?.(answer.data.report)
  })
  await once(child, 'message')
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        const id = (next += 1)
        waiting.set(id, resolve)
        child.send({ id, order }, (error) => error && reject(error))
      }),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
