import { appMessages } from './app-messages.ts'
import { contactWays } from './contact-ways.ts'
import { contacts } from './contacts.ts'
import { customers } from './customers.ts'
import type { Endpoint } from './endpoint.ts'
import { groups } from './groups.ts'
import { identity } from './identity.ts'
import { massMessages } from './mass-messages.ts'
import { media } from './media.ts'
import { robots } from './robots.ts'
import { strategies } from './strategies.ts'
import { tags } from './tags.ts'
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
  robots,
  media,
} satisfies Record<string, readonly Endpoint[]>

/** Every endpoint of the platform served here. */
export const endpoints: readonly Endpoint[] = Object.values(files).flat()
