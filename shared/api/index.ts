import { channels } from './channels.ts'
import { contents } from './contents.ts'
import { customers } from './customers.ts'
import { groups } from './groups.ts'
import { ingest } from './ingest.ts'
import { media } from './media.ts'
import { members } from './members.ts'
import { rules } from './rules.ts'
import { sends } from './sends.ts'
import { session } from './session.ts'
import { settings } from './settings.ts'
import { sync } from './sync.ts'
import { system } from './system.ts'
import { tags } from './tags.ts'
import { tasks } from './tasks.ts'

/** Every endpoint of the product by room and name. */
export const api = {
  session,
  customers,
  tags,
  tasks,
  rules,
  contents,
  groups,
  channels,
  sends,
  media,
  members,
  settings,
  sync,
  system,
  ingest,
}
