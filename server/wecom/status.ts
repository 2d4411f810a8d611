import type { Gauge } from 'prom-client'
import type { Clock } from '../platform/clock.ts'
import type { Lender, LoanState } from './broker.ts'
import type { Budget } from './budget/budget.ts'
import type { PathStatus } from './budget/status.ts'

export type WecomStatus = {
  /** The paths called lately; null while Redis is away and every process keeps to a share of its own. */
  readonly paths: readonly PathStatus[] | null
  /** Access tokens and jsapi tickets; null where this company has none yet. */
  readonly tokens: { readonly contact: LoanState; readonly agent: LoanState }
  readonly tickets: { readonly corp: LoanState; readonly agent: LoanState }
}

type Deps = {
  budget: Budget
  tokens: { readonly contact: Lender; readonly agent: Lender }
  tickets: { readonly corp: Lender; readonly agent: Lender }
  clock: Clock
}

/** What a person or a monitor may want to know of the calls to WeCom. */
export const createStatus = ({ budget, tokens: tokenLenders, tickets: ticketLenders, clock }: Deps) => {
  const read = async (): Promise<WecomStatus> => ({
    paths: await budget.status(),
    tokens: { contact: await tokenLenders.contact.state(), agent: await tokenLenders.agent.state() },
    tickets: { corp: await ticketLenders.corp.state(), agent: await ticketLenders.agent.state() },
  })
  return {
    read,
    /** Sets the gauge anew. A robot is no label: the longest block of a path's robots stands for it. */
    fill: async (gauge: Gauge<'path' | 'kind'>): Promise<void> => {
      const { paths, tokens, tickets } = await read()
      gauge.reset()
      const blocked = new Map<string, number>()
      for (const { path, left, lastMinute, inFlight, blockedUntil } of paths ?? []) {
        const seconds = blockedUntil === null ? 0 : (blockedUntil.getTime() - clock.now()) / 1000
        blocked.set(path, Math.max(seconds, blocked.get(path) ?? 0))
        gauge.set({ path, kind: 'left' }, left)
        gauge.set({ path, kind: 'last_minute' }, lastMinute)
        gauge.set({ path, kind: 'in_flight' }, inFlight)
      }
      for (const [path, seconds] of blocked) gauge.set({ path, kind: 'blocked_s' }, seconds)
      const age = (loan: string, state: LoanState): void => {
        if (state) gauge.set({ path: loan, kind: 'age_s' }, (clock.now() - state.fetchedAt.getTime()) / 1000)
      }
      age('token-contact', tokens.contact)
      age('token-agent', tokens.agent)
      age('ticket-corp', tickets.corp)
      age('ticket-agent', tickets.agent)
    },
  }
}
