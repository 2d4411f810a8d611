import { createHash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { createBroker, type Lender, type Loan } from './broker.ts'
import { createBudget } from './budget/budget.ts'
import type { Limits } from './budget/limits.ts'
import { createCall, withUrgency, type Call, type Hooks } from './client.ts'
import { createOauth } from './oauth.ts'
import { createProbe } from './read/agent.ts'
import { createContactWaysRead } from './read/contact-ways.ts'
import { createCustomersRead } from './read/customers.ts'
import { createGroupStatsRead } from './read/group-stats.ts'
import { createGroupWelcomesRead } from './read/group-welcomes.ts'
import { createGroupsRead } from './read/groups.ts'
import { createJoinWaysRead } from './read/join-ways.ts'
import { createMembersRead } from './read/members.ts'
import { createMassMessagesRead } from './read/mass-messages.ts'
import { createTagsRead } from './read/tags.ts'
import { createTransfersRead } from './read/transfers.ts'
import { createMediaSetup } from './setup/media.ts'
import { createSetup } from './setup/setup.ts'
import { createStatus } from './status.ts'
import type { SharedStore } from './store.ts'
import { createTickets } from './tickets.ts'
import { fetchTicket, fetchToken, namedPath, noTokens } from './token.ts'
import type { Wecom, WecomRead } from './types.ts'
import { createVault } from './vault.ts'
import { createWrite } from './write/write.ts'

type Deps = Hooks & {
  config: Pick<
    Config,
    | 'WECOM_API_BASE'
    | 'WECOM_CORP_ID'
    | 'WECOM_CONTACT_SECRET'
    | 'WECOM_AGENT_ID'
    | 'WECOM_AGENT_SECRET'
    | 'SESSION_SECRET'
    | 'PUBLIC_URL'
    | 'PAGE_HOSTS'
    | 'WECOM_LOGIN'
  >
  redis: SharedStore
  clock: Clock
  log: Log
  metrics: Pick<Metrics, 'wecomCalls' | 'wecomSeconds' | 'wecomWaitSeconds' | 'wecomLoans' | 'wecomLimits' | 'onScrape'>
  /** Other limits than WeCom's own. */
  limits?: Limits
}

/** A refused token is renewed at once, but not again and again; a ticket has few fetches an hour. */
const restMs = { token: { fetched: 0, renewed: 5000 }, ticket: { fetched: 60_000, renewed: 60_000 } } as const

/** Our own pages: those of PUBLIC_URL, and the further hosts under the same scheme. */
const originsOf = ({ PUBLIC_URL, PAGE_HOSTS }: Pick<Config, 'PUBLIC_URL' | 'PAGE_HOSTS'>): string[] => {
  const { origin, protocol } = new URL(PUBLIC_URL)
  return [origin, ...PAGE_HOSTS.map((host) => `${protocol}//${host}`)]
}

const readOf = (call: Call): WecomRead => {
  const customers = createCustomersRead(call)
  return {
    ...customers,
    ...createMembersRead(call),
    ...createContactWaysRead(call),
    ...createGroupsRead(call, customers.followUserList),
    ...createJoinWaysRead(call),
    ...createGroupWelcomesRead(call),
    ...createGroupStatsRead(call),
    ...createTagsRead(call),
    ...createMassMessagesRead(call),
    ...createTransfersRead(call),
  }
}

const digestOf = (...parts: string[]): string => createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 16)

/** The adapter to WeCom of one company. Tokens, tickets and call limits are shared with its other processes through Redis. */
export const createWecom = ({ config, redis, clock, log, metrics, limits, onFault, onPassed }: Deps): Wecom => {
  const base = config.WECOM_API_BASE
  const corpId = config.WECOM_CORP_ID
  const vault = createVault(config.SESSION_SECRET, 'zhiyin wecom loans')
  const budget = createBudget({
    redis,
    key: `zhiyin:wecom:budget:${digestOf(base, corpId)}`,
    clock,
    log,
    ...(limits ? { limits } : {}),
    onWaited: (path, ms) => metrics.wecomWaitSeconds.observe({ path }, ms / 1000),
  })
  /** A new base, corp or secret must not meet the loans of the old one. */
  const loan = (name: string, kind: 'token' | 'ticket', secret: string, fetch: () => Promise<Loan>): Lender =>
    createBroker({
      name: `${kind}-${name}:${digestOf(base, corpId, secret)}`,
      fetch,
      redis,
      vault,
      clock,
      log,
      restMs: restMs[kind],
      onFetch: (outcome) => metrics.wecomLoans.inc({ loan: `${kind}-${name}`, outcome }),
    })
  const fetchOf = (name: 'WECOM_CONTACT_SECRET' | 'WECOM_AGENT_SECRET') => {
    const passed = (path: string) => onPassed?.(namedPath(path, name))
    // What is refused is told by whoever needed the token.
    const bare = createCall({ base, budget, log, metrics, tokens: noTokens, onPassed: passed })
    return fetchToken(bare, corpId, name, config[name])
  }
  const fetches = { contact: fetchOf('WECOM_CONTACT_SECRET'), agent: fetchOf('WECOM_AGENT_SECRET') }
  const tokens = {
    contact: loan('contact', 'token', config.WECOM_CONTACT_SECRET, fetches.contact),
    agent: loan('agent', 'token', config.WECOM_AGENT_SECRET, fetches.agent),
  }
  const hooks = { ...(onFault ? { onFault } : {}), ...(onPassed ? { onPassed } : {}) }
  const call = createCall({ base, budget, log, metrics, tokens, ...hooks })
  const read = readOf(call)
  const brokers = {
    corp: loan('corp', 'ticket', config.WECOM_AGENT_SECRET, fetchTicket.corp(call)),
    agent: loan('agent', 'ticket', config.WECOM_AGENT_SECRET, fetchTicket.agent(call)),
  }
  const status = createStatus({ budget, tokens, tickets: brokers, clock })
  metrics.onScrape(() => status.fill(metrics.wecomLimits))
  return {
    read,
    urgent: readOf(withUrgency(call, 'now')),
    bulk: readOf(withUrgency(call, 'bulk')),
    write: createWrite(call, { agentId: config.WECOM_AGENT_ID, base }),
    setup: createSetup(call, read),
    media: createMediaSetup(call, { base }),
    probe: createProbe({ call, fetches, agentId: config.WECOM_AGENT_ID }),
    oauth: createOauth({ call, base, corpId, agentId: config.WECOM_AGENT_ID, login: config.WECOM_LOGIN }),
    tickets: createTickets({
      brokers,
      origins: originsOf(config),
      clock,
    }),
    status: status.read,
  }
}
