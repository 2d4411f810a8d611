import { setTimeout as sleep } from 'node:timers/promises'
import Router from 'koa-router'
import type { RequestState } from '../platform/http/context.ts'
import type { Metrics } from '../platform/metrics.ts'
import { messageOf } from '../platform/errors.ts'
import type { BacklogOf } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'

type Deps = {
  checks: Readonly<Record<string, () => Promise<unknown>>>
  /** What an earlier build kept is being brought into today's form. */
  starting: () => boolean
  draining: () => boolean
  metrics: Metrics
  backlogs: readonly BacklogOf[]
  clock: Clock
}

/** A store that says nothing for this long is away; whoever asks does not wait for its driver to give up. */
const patienceMs = 2000

const check = async (run: () => Promise<unknown>): Promise<string> => {
  const late = new AbortController()
  try {
    const silence = sleep(patienceMs, `no answer within ${patienceMs} ms`, { signal: late.signal })
    return await Promise.race([run().then(() => 'ok'), silence])
  } catch (error) {
    return messageOf(error)
  } finally {
    late.abort()
  }
}

/** /health/live: the process answers. /health/ready: it can do its work (its stores answer, it is neither starting nor draining). /metrics: Prometheus. */
export const healthRoutes = ({ checks, starting, draining, metrics, backlogs, clock }: Deps): Router<RequestState> => {
  const router = new Router<RequestState>()
  router.get('/health/live', (ctx) => void (ctx.body = { status: 'ok' }))
  router.get('/health/ready', async (ctx) => {
    const results = Object.fromEntries(
      await Promise.all(Object.entries(checks).map(async ([name, run]) => [name, await check(run)] as const)),
    )
    const ready = !starting() && !draining() && Object.values(results).every((result) => result === 'ok')
    ctx.status = ready ? 200 : 503
    ctx.body = {
      status: ready ? 'ok' : draining() ? 'draining' : starting() ? 'starting' : 'not ready',
      checks: results,
    }
  })
  router.get('/metrics', async (ctx) => {
    for (const backlog of backlogs) {
      const { pending, due, dead } = await backlog.count(clock.date())
      metrics.backlog.set({ stage: backlog.stage, kind: 'pending' }, pending)
      metrics.backlog.set({ stage: backlog.stage, kind: 'due' }, due)
      metrics.backlog.set({ stage: backlog.stage, kind: 'dead' }, dead)
    }
    ctx.type = metrics.registry.contentType
    ctx.body = await metrics.text()
  })
  return router
}
