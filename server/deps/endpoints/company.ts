import { calendarApi } from '../../api/calendar.ts'
import { importsApi } from '../../api/imports.ts'
import { inboxApi } from '../../api/inbox.ts'
import { ingestApi } from '../../api/ingest.ts'
import { membersApi } from '../../api/members.ts'
import { sessionApi } from '../../api/session.ts'
import { settingsApi } from '../../api/settings.ts'
import { setupApi } from '../../api/setup.ts'
import { syncApi } from '../../api/sync.ts'
import { systemApi } from '../../api/system.ts'
import { createSyncRead } from '../../sync/read.ts'
import { backlogsOf } from '../backlogs.ts'
import type { Rooms } from '../rooms.ts'

/** The connection, members, settings and what comes in. */
export const companyEndpoints = (rooms: Rooms) => {
  const {
    mongo,
    faults,
    wecom,
    audit,
    profileRead,
    membersRead,
    inboxRead,
    settings,
    calendar,
    members,
    loginState,
    inbox,
    sync,
    dataIn,
    imports,
    setup,
    config,
    clock,
  } = rooms
  return [
    ...sessionApi({
      config,
      membersRead,
      oauth: wecom.oauth,
      loginState,
      tickets: wecom.tickets,
      members,
      audit,
    }),
    ...membersApi({ members, membersRead, countCustomers: profileRead.countByRep, sync, audit }),
    ...settingsApi({ settings, audit }),
    ...calendarApi({ calendar, audit }),
    ...systemApi(backlogsOf(rooms), clock),
    ...syncApi({ sync, syncRead: createSyncRead({ mongo, clock }), clock, audit }),
    ...inboxApi({ inbox, inboxRead, audit }),
    ...setupApi({ setup, faults, files: setup.files, audit }),
    ...importsApi({ imports, audit }),
    ...ingestApi({ ...dataIn, publicUrl: config.PUBLIC_URL, writeKey: config.INGEST_WRITE_KEY }),
  ]
}
