import { attributes } from './attributes.ts'
import { broadcasts } from './broadcasts.ts'
import { calendar } from './calendar.ts'
import { channels } from './channels.ts'
import { contents } from './contents.ts'
import { coupons } from './coupons.ts'
import { customers } from './customers.ts'
import { groupWelcomes, joinWays } from './group-ways.ts'
import { groupPushes } from './group-pushes.ts'
import { groups } from './groups.ts'
import { identities } from './identities.ts'
import { imports } from './imports.ts'
import { dataIn, ingest } from './ingest.ts'
import { links } from './links.ts'
import { media } from './media.ts'
import { losses } from './losses.ts'
import { measure } from './measure.ts'
import { members } from './members.ts'
import { playbooks } from './playbooks.ts'
import { privacy } from './privacy.ts'
import { pushPlans } from './push-plans.ts'
import { robots } from './robots.ts'
import { rules } from './rules.ts'
import { segments } from './segments.ts'
import { sends } from './sends.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'
import { sync } from './sync.ts'
import { setup } from './setup.ts'
import { system } from './system.ts'
import { tagRules, tags } from './tags.ts'
import { materials, talkTracks } from './talk-tracks.ts'
import { tasks } from './tasks.ts'
import { tiers } from './tiers.ts'
import { transfers } from './transfers.ts'

/** Every endpoint of the product by room and name. */
export const api = {
  session,
  customers,
  attributes,
  tags,
  tagRules,
  tasks,
  rules,
  playbooks,
  contents,
  coupons,
  talkTracks,
  materials,
  groups,
  groupPushes,
  robots,
  pushPlans,
  joinWays,
  groupWelcomes,
  channels,
  broadcasts,
  sends,
  calendar,
  media,
  members,
  losses,
  transfers,
  settings,
  privacy,
  sync,
  setup,
  system,
  identities,
  imports,
  segments,
  ingest,
  dataIn,
  links,
  measure,
  tiers,
}
