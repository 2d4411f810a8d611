import Koa from 'koa'
import { expect, it, onTestFinished } from 'vitest'
import { healthRoutes } from '../../../server/api/health.ts'
import { errorAnswers, requestContext, type RequestState } from '../../../server/platform/http/context.ts'
import { createStarting } from '../../../server/platform/http/starting.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'

it('until what was kept before can be read, all but health says to come again, and health that it is starting', async () => {
  let finish = (): void => undefined
  const { starting, shut } = createStarting(new Promise<void>((done) => (finish = done)))
  const [clock, metrics] = [movableClock(), createMetrics()]
  const app = new Koa<RequestState>()
  app.use(requestContext(metrics, clock)).use(errorAnswers(quietLog))
  app.use(healthRoutes({ checks: {}, starting, draining: () => false, metrics, backlogs: [], clock }).routes())
  app.use(shut).use((ctx) => void (ctx.body = 'open'))
  const server = app.listen(0)
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const get = async (path: string, lang: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'x-lang': lang } })
    return { status: answer.status, again: answer.headers.get('retry-after'), text: await answer.text() }
  }

  expect(await get('/api/x', 'zh')).toEqual({ status: 503, again: '5', text: expect.stringContaining('服务正在启动') })
  expect((await get('/api/x', 'en')).text).toContain('The server is starting')
  expect(await get('/health/ready', 'en')).toMatchObject({ status: 503, text: expect.stringContaining('"starting"') })
  expect((await get('/health/live', 'en')).status).toBe(200)
  finish()
  await Promise.resolve()
  expect(await get('/api/x', 'zh')).toMatchObject({ status: 200, text: 'open' })
  expect((await get('/health/ready', 'en')).status).toBe(200)
})
