/**
 * How often WeCom may be called. From the platform's manual: access frequency (访问频率限制, document 90312), the pages of jsapi tickets,
 * moments, unionid conversion, uploadimg and customer strategies. One table; change it here.
 */

export const units = ['minute', 'hour', 'day', 'month'] as const
export type Unit = (typeof units)[number]
export type Rate = Readonly<Partial<Record<Unit, number>>>

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** How long WeCom counts, and how long it then blocks (the day until it ends). */
export const unitMs: Readonly<Record<Unit, number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: DAY_MS,
  month: 30 * DAY_MS,
}

type Own = {
  /** Instead of the limit of every path, unit by unit. */
  readonly rate?: Rate
  readonly parallel?: number
  /** Paths of one group share their places. */
  readonly group?: string
}

export type Limits = {
  /** One calling address, all APIs together. All our processes count as one address: too careful where they are several. */
  readonly all: Rate
  /** One corp, one API. */
  readonly path: Rate
  /** Calls of one path at once, of all processes together; WeCom answers 45033 beyond a number it does not tell. */
  readonly parallel: number
  readonly own: Readonly<Record<string, Own>>
}

/** Customer strategies (规则组) must be written one after the other, else 6000. */
const strategyWrites: Own = { parallel: 1, group: 'customer_strategy' }

export const platformLimits: Limits = {
  all: { minute: 20_000, hour: 600_000 },
  path: { minute: 10_000, hour: 150_000 },
  parallel: 10,
  own: {
    /** WeCom blocks who asks too often and does not say how often; two secrets need one each in two hours. */
    '/cgi-bin/gettoken': { rate: { hour: 400 } },
    '/cgi-bin/get_jsapi_ticket': { rate: { hour: 400 } },
    '/cgi-bin/ticket/get': { rate: { hour: 100 } },
    '/cgi-bin/externalcontact/add_moment_task': { rate: { minute: 10 } },
    '/cgi-bin/idconvert/unionid_to_external_userid': { rate: { hour: 100_000, day: 480_000, month: 7_500_000 } },
    '/cgi-bin/media/uploadimg': { rate: { day: 1000, month: 3000 } },
    '/cgi-bin/externalcontact/customer_strategy/create': strategyWrites,
    '/cgi-bin/externalcontact/customer_strategy/edit': strategyWrites,
    '/cgi-bin/externalcontact/customer_strategy/del': strategyWrites,
  },
}

/** What is counted for one limit: `burst` calls at once, then one every `stepMs`. */
export type Bucket = {
  readonly field: string
  readonly burst: number
  readonly stepMs: number
  /** How long WeCom blocks when this limit is used up. */
  readonly windowMs: number
}

/** At most half of a limit at once and 45 % more spread over its time: 95 % in any span, wherever WeCom's own window begins. */
const BURST = 0.5
const REFILL = 0.45

const bucketsOf = (scope: string, rate: Rate): Bucket[] =>
  units.flatMap((unit) => {
    const max = rate[unit]
    if (max === undefined) return []
    const windowMs = unitMs[unit]
    return [{ field: `t:${scope}:${unit}`, burst: max * BURST, stepMs: windowMs / (max * REFILL), windowMs }]
  })

export type PathLimits = {
  readonly path: string
  readonly group: string
  readonly parallel: number
  readonly buckets: readonly Bucket[]
}

/** What holds for calls of one path. */
export const limitsOf = (limits: Limits, path: string): PathLimits => {
  const own = limits.own[path] ?? {}
  return {
    path,
    group: own.group ?? path,
    parallel: own.parallel ?? limits.parallel,
    buckets: [...bucketsOf(path, { ...limits.path, ...own.rate }), ...bucketsOf('all', limits.all)],
  }
}

/**
 * Who goes first: `now` a person or a welcome message waits for it; `soon` the usual; `bulk` syncs and lists. The less urgent leave a part
 * of every limit, and places, to the more urgent.
 */
export const urgencies = ['now', 'soon', 'bulk'] as const
export type Urgency = (typeof urgencies)[number]

type Manners = {
  /** The part of a burst it leaves to others. */
  readonly leaves: number
  /** The places of a path it leaves to others. */
  readonly keeps: number
  /** How long a call waits before it fails as blocked. */
  readonly patienceMs: number
}
export const manners: Readonly<Record<Urgency, Manners>> = {
  now: { leaves: 0, keeps: 0, patienceMs: 1000 },
  soon: { leaves: 0.05, keeps: 1, patienceMs: 4000 },
  bulk: { leaves: 0.25, keeps: 3, patienceMs: 10_000 },
}
