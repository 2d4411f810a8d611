import { attributes } from './zh/attributes.ts'
import { backtest } from './zh/backtest.ts'
import { broadcasts, mass } from './zh/broadcasts.ts'
import { calendar } from './zh/calendar.ts'
import { channels } from './zh/channels.ts'
import { contents, coupon, folder, talk } from './zh/contents.ts'
import { customer, customers } from './zh/customers.ts'
import { dryRun } from './zh/dry-run.ts'
import { groupRooms } from './zh/groups.ts'
import { identities } from './zh/identities.ts'
import { imports } from './zh/imports.ts'
import { inbox } from './zh/inbox.ts'
import { ingest } from './zh/ingest.ts'
import { links } from './zh/links.ts'
import { measure } from './zh/measure.ts'
import { attachment, greet, media } from './zh/media.ts'
import { groups } from './zh/pushes.ts'
import { privacy } from './zh/privacy.ts'
import { plans } from './zh/plans.ts'
import { playbooks, recall, versions } from './zh/recall.ts'
import { robots } from './zh/robots.ts'
import { rule, rules, template } from './zh/rules.ts'
import { condition, segments } from './zh/segments.ts'
import { sends } from './zh/sends.ts'
import { settings } from './zh/settings.ts'
import { setup } from './zh/setup.ts'
import { shell } from './zh/shell.ts'
import { sync } from './zh/sync.ts'
import { tags } from './zh/tags.ts'
import { team } from './zh/team.ts'
import { tiers } from './zh/tiers.ts'
import { today } from './zh/today.ts'
import { transferRooms } from './zh/transfers.ts'

/** The words of the console that are not in the shared vocabularies, a file for each room. Chinese is the pattern; en.ts has the same keys. */
export const zh = {
  ...shell,
  today,
  customers,
  attributes,
  customer,
  segments,
  condition,
  rules,
  template,
  rule,
  recall,
  playbooks,
  versions,
  backtest,
  dryRun,
  contents,
  coupon,
  folder,
  talk,
  groups,
  sends,
  identities,
  imports,
  inbox,
  ingest,
  links,
  settings,
  privacy,
  broadcasts,
  mass,
  calendar,
  channels,
  sync,
  measure,
  media,
  attachment,
  greet,
  tags,
  team,
  tiers,
  setup,
  robots,
  plans,
  ...groupRooms,
  ...transferRooms,
}

export type Words = typeof zh
