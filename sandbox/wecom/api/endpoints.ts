import { acquisition } from './acquisition.ts'
import { agent, menus } from './agent.ts'
import { albums } from './albums.ts'
import { appMessages } from './app-messages.ts'
import { contactWays } from './contact-ways.ts'
import { contacts } from './contacts.ts'
import { customers } from './customers.ts'
import type { Endpoint } from './endpoint.ts'
import { groupTransfers } from './group-transfers.ts'
import { groupWelcomes } from './group-welcomes.ts'
import { groups } from './groups.ts'
import { idConversion, thirdParty } from './id-conversion.ts'
import { identity } from './identity.ts'
import { interceptRules } from './intercept-rules.ts'
import { joinWays } from './join-ways.ts'
import { kfAccounts } from './kf-accounts.ts'
import { kfMessages } from './kf-messages.ts'
import { massMessages } from './mass-messages.ts'
import { media } from './media.ts'
import { moments } from './moments.ts'
import { robots } from './robots.ts'
import { sentMessages } from './sent-messages.ts'
import { statistics } from './statistics.ts'
import { strategies } from './strategies.ts'
import { tags } from './tags.ts'
import { transfers } from './transfers.ts'
import { welcome } from './welcome.ts'

/** The endpoints of each file. */
export const files = {
  identity,
  contacts,
  customers,
  strategies,
  tags,
  contactWays,
  massMessages,
  welcome,
  groups,
  appMessages,
  sentMessages,
  robots,
  media,
  joinWays,
  transfers,
  groupTransfers,
  statistics,
  moments,
  acquisition,
  kfAccounts,
  kfMessages,
  groupWelcomes,
  albums,
  interceptRules,
  agent,
  menus,
  idConversion,
  thirdParty,
} satisfies Record<string, readonly Endpoint[]>

/** Every endpoint of the platform served here. */
export const endpoints: readonly Endpoint[] = Object.values(files).flat()
