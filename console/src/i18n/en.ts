import { attributes } from './en/attributes.ts'
import { backtest } from './en/backtest.ts'
import { broadcasts, mass } from './en/broadcasts.ts'
import { calendar } from './en/calendar.ts'
import { channels } from './en/channels.ts'
import { contents, coupon, folder, talk } from './en/contents.ts'
import { customer, customers } from './en/customers.ts'
import { dryRun } from './en/dry-run.ts'
import { groupRooms } from './en/groups.ts'
import { identities } from './en/identities.ts'
import { imports } from './en/imports.ts'
import { inbox } from './en/inbox.ts'
import { ingest } from './en/ingest.ts'
import { links } from './en/links.ts'
import { measure } from './en/measure.ts'
import { attachment, greet, media } from './en/media.ts'
import { groups } from './en/pushes.ts'
import { privacy } from './en/privacy.ts'
import { plans } from './en/plans.ts'
import { playbooks, recall, versions } from './en/recall.ts'
import { robots } from './en/robots.ts'
import { rule, rules, template } from './en/rules.ts'
import { condition, segments } from './en/segments.ts'
import { sends } from './en/sends.ts'
import { settings } from './en/settings.ts'
import { setup } from './en/setup.ts'
import { shell } from './en/shell.ts'
import { sync } from './en/sync.ts'
import { tags } from './en/tags.ts'
import { team } from './en/team.ts'
import { tiers } from './en/tiers.ts'
import { today } from './en/today.ts'
import { transferRooms } from './en/transfers.ts'
import type { Words } from './zh.ts'

export const en: Words = {
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
