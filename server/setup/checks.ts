import { setTimeout as sleep } from 'node:timers/promises'
import { checkIds, type CheckId } from '@zhiyin/shared/setup/checks'
import type { CheckResult } from '@zhiyin/shared/setup/result'
import type { Clock } from '../platform/clock.ts'
import { failed, once, unknown, type Found, type Look } from './look.ts'
import { baseLooks, type BaseDeps } from './looks/base.ts'
import { callbackLooks, type CallbackDeps } from './looks/callback.ts'
import { domainLooks, type DomainDeps } from './looks/domain.ts'
import { pageLooks, type PageDeps } from './looks/page.ts'
import { rightLooks, type RightsDeps } from './looks/rights.ts'
import { secretLooks, type SecretDeps } from './looks/secrets.ts'

const TIMEOUT_MS = 15_000

/** One cause makes many calls fail; it is called wrong where it is looked at, and elsewhere only stands in the way. */
const homes: ReadonlyMap<number, readonly CheckId[]> = new Map<number, readonly CheckId[]>([
  [60020, ['ip']],
  [40013, ['corp']],
  [40001, ['agent_secret', 'contact_secret']],
  [40091, ['agent_secret', 'contact_secret']],
  [45031, ['agent_secret', 'contact_secret']],
  [50003, ['agent']],
  [301002, ['agent']],
  [40056, ['agent']],
])
const elsewhere = (id: CheckId, found: Found): Found => {
  const [home, ...more] = homes.get(found.errcode ?? 0) ?? []
  if (found.state !== 'wrong' || home === undefined || home === id || more.includes(id)) return found
  return unknown('elsewhere', { check: home })
}

export type ChecksDeps = BaseDeps & SecretDeps & DomainDeps & CallbackDeps & PageDeps & RightsDeps

export type Checks = {
  /** Makes these checks side by side, all of them without `ids`. Never rejects: what fails is a result of its own. */
  run: (ids?: readonly CheckId[]) => Promise<CheckResult[]>
}

type Deps = { clock: Clock; looks: () => Readonly<Partial<Record<CheckId, Look>>>; timeoutMs?: number }

/** Runs looks: each with a time-out, each for itself. `looks` is asked once a round, so that a round asks WeCom nothing twice. */
export const createChecks = ({ clock, looks, timeoutMs = TIMEOUT_MS }: Deps): Checks => {
  const inTime = async (look: Look): Promise<Found> => {
    const over = new AbortController()
    const late = sleep(timeoutMs, unknown('timeout', { seconds: timeoutMs / 1000 }), {
      signal: over.signal,
      ref: false,
    })
    try {
      return await Promise.race([look(), late])
    } catch (error) {
      return failed(error)
    } finally {
      late.catch(() => undefined)
      over.abort()
    }
  }
  const one = async (id: CheckId, look: Look): Promise<CheckResult> => {
    const before = performance.now()
    const { state, code, params, errcode } = elsewhere(id, await inTime(look))
    const ms = Math.round(performance.now() - before)
    return { id, state, seen: { code, params }, errcode, at: clock.date().toISOString(), ms }
  }
  return {
    run: (ids = checkIds) => {
      const round = looks()
      return Promise.all(ids.flatMap((id) => (round[id] ? [one(id, round[id])] : [])))
    },
  }
}

/** Every check there is; within a round WeCom is asked nothing twice. */
export const allLooks = (deps: ChecksDeps): Readonly<Record<CheckId, Look>> => {
  const token = { contact: once(() => deps.probe.token('contact')), agent: once(() => deps.probe.token('agent')) }
  const shared = {
    ...deps,
    probe: { ...deps.probe, app: once(deps.probe.app), token: (of: 'contact' | 'agent') => token[of]() },
    read: { ...deps.read, followUserList: once(deps.read.followUserList) },
  }
  return {
    ...baseLooks(shared),
    ...secretLooks(shared),
    ...domainLooks(shared),
    ...callbackLooks(shared),
    ...pageLooks(shared),
    ...rightLooks(shared),
  }
}
