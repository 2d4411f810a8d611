import { createHash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { createBroker, type Broker, type Loan, type SharedStore } from './broker.ts'
import { createCall } from './client.ts'
import { createGate } from './gate.ts'
import { createOauth } from './oauth.ts'
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
import { createTickets } from './tickets.ts'
import { fetchTicket, fetchToken, noTokens } from './token.ts'
import type { Wecom } from './types.ts'
import { createVault } from './vault.ts'
import { createWrite } from './write/write.ts'

type Deps = {
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
  metrics: Pick<Metrics, 'wecomCalls' | 'wecomSeconds'>
}

/** Our own pages: those of PUBLIC_URL, and the further hosts under the same scheme. */
const originsOf = ({ PUBLIC_URL, PAGE_HOSTS }: Pick<Config, 'PUBLIC_URL' | 'PAGE_HOSTS'>): string[] => {
  const { origin, protocol } = new URL(PUBLIC_URL)
  return [origin, ...PAGE_HOSTS.map((host) => `${protocol}//${host}`)]
}

/** The adapter to WeCom of one company. Tokens and tickets are shared with its other processes through Redis. */
export const createWecom = ({ config, redis, clock, log, metrics }: Deps): Wecom => {
  const base = config.WECOM_API_BASE
  const corpId = config.WECOM_CORP_ID
  const vault = createVault(config.SESSION_SECRET, 'zhiyin wecom loans')
  const gate = createGate(clock)
  /** A new base, corp or secret must not meet the loans of the old one. */
  const loans = (name: string, secret: string, fetch: () => Promise<Loan>): Broker => {
    const owner = createHash('sha256').update(`${base} ${corpId} ${secret}`).digest('hex').slice(0, 16)
    return createBroker({ name: `${name}:${owner}`, fetch, redis, vault, clock, log })
  }
  const bare = createCall({ base, tokens: noTokens, gate, log, metrics })
  const tokens = {
    contact: loans('token', config.WECOM_CONTACT_SECRET, fetchToken(bare, corpId, config.WECOM_CONTACT_SECRET)),
    agent: loans('token', config.WECOM_AGENT_SECRET, fetchToken(bare, corpId, config.WECOM_AGENT_SECRET)),
  }
  const call = createCall({ base, tokens, gate, log, metrics })
  const customers = createCustomersRead(call)
  const read = {
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
  return {
    read,
    write: createWrite(call, { agentId: config.WECOM_AGENT_ID, base }),
    setup: createSetup(call, read),
    media: createMediaSetup(call, { base }),
    oauth: createOauth({ call, base, corpId, agentId: config.WECOM_AGENT_ID, login: config.WECOM_LOGIN }),
    tickets: createTickets({
      brokers: {
        corp: loans('ticket-corp', config.WECOM_AGENT_SECRET, fetchTicket.corp(call)),
        agent: loans('ticket-agent', config.WECOM_AGENT_SECRET, fetchTicket.agent(call)),
      },
      origins: originsOf(config),
      clock,
    }),
  }
}
