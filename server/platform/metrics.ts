import { AggregatorRegistry, Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** Counters and histograms as prom-client hands them over, to be added to others of the same name. */
export type Figures = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

const added = async (registry: Registry, elsewhere: Figures): Promise<string> => {
  const own = await registry.getMetricsAsJSON()
  const names = new Set(elsewhere.map(({ name }) => name))
  const both = AggregatorRegistry.aggregate([own.filter(({ name }) => names.has(name)), elsewhere])
  const rest = own.filter(({ name }) => !names.has(name)).map(({ name }) => registry.getSingleMetricAsString(name))
  return [...(await Promise.all(rest)), await both.metrics()].join('\n\n')
}

/** The Prometheus metrics of this process. */
export const createMetrics = () => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const fills: (() => Promise<void>)[] = []
  let elsewhere: (() => Promise<Figures>) | null = null
  return {
    registry,
    /** What the process has counted, as Prometheus reads it. */
    text: async (): Promise<string> => (elsewhere === null ? registry.metrics() : added(registry, await elsewhere())),
    /** Another thread of this process counts as well; its figures are added whenever somebody reads them. */
    addFrom: (figures: () => Promise<Figures>): void => void (elsewhere = figures),
    /** `fill` sets `wecomLimits` anew; called whenever somebody reads the metrics. */
    onScrape: (fill: () => Promise<void>): void => void fills.push(fill),
    httpSeconds: new Histogram({
      name: 'zhiyin_http_request_seconds',
      help: 'Time to answer, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3],
      registers,
    }),
    callbacks: new Counter({
      name: 'zhiyin_callbacks_total',
      help: 'Callbacks by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    callbackSeconds: new Histogram({
      name: 'zhiyin_callback_seconds',
      help: 'Time until an accepted callback was durable and answered; WeCom waits 5 s',
      buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3],
      registers,
    }),
    jobs: new Counter({
      name: 'zhiyin_jobs_total',
      help: 'Jobs by name and outcome',
      labelNames: ['job', 'outcome'],
      registers,
    }),
    jobSeconds: new Histogram({
      name: 'zhiyin_job_seconds',
      help: 'Time a job took',
      labelNames: ['job'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    wecomCalls: new Counter({
      name: 'zhiyin_wecom_calls_total',
      help: 'WeCom API calls by path and errcode',
      labelNames: ['path', 'errcode'],
      registers,
    }),
    wecomSeconds: new Histogram({
      name: 'zhiyin_wecom_seconds',
      help: 'Time WeCom took to answer',
      labelNames: ['path'],
      buckets: [0.02, 0.1, 0.3, 1, 5],
      registers,
    }),
    wecomWaitSeconds: new Histogram({
      name: 'zhiyin_wecom_wait_seconds',
      help: 'Time calls waited for their turn within WeCom’s limits',
      labelNames: ['path'],
      buckets: [0.001, 0.01, 0.1, 1, 5],
      registers,
    }),
    wecomLoans: new Counter({
      name: 'zhiyin_wecom_loans_total',
      help: 'Access tokens and jsapi tickets fetched by this process',
      labelNames: ['loan', 'outcome'],
      registers,
    }),
    wecomLimits: new Gauge({
      name: 'zhiyin_wecom_limits',
      help: 'Per path, over all processes: left (0-1 of what may be called at once), last_minute (calls), in_flight, blocked_s; per loan: age_s',
      labelNames: ['path', 'kind'],
      registers,
      collect: async () => {
        await Promise.all(fills.map((fill) => fill()))
      },
    }),
    intents: new Counter({
      name: 'zhiyin_intents_total',
      help: 'Intents by channel and state reached',
      labelNames: ['channel', 'state'],
      registers,
    }),
    backlog: new Gauge({
      name: 'zhiyin_backlog',
      help: 'Unfinished records by stage',
      labelNames: ['stage', 'kind'],
      registers,
    }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
