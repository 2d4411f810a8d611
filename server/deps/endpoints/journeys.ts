import { backtestsApi } from '../../api/backtests.ts'
import { broadcastsApi } from '../../api/broadcasts.ts'
import { channelsApi } from '../../api/channels.ts'
import { contentsApi } from '../../api/contents.ts'
import { couponsApi } from '../../api/coupons.ts'
import { groupWaysApi } from '../../api/group-ways.ts'
import { groupPushesApi } from '../../api/group-pushes.ts'
import { groupsApi } from '../../api/groups.ts'
import { linksApi } from '../../api/links.ts'
import { measureApi } from '../../api/measure.ts'
import { mediaApi } from '../../api/media.ts'
import { playbooksApi } from '../../api/playbooks.ts'
import { robotsApi } from '../../api/robots.ts'
import { rulesApi } from '../../api/rules.ts'
import { sendsApi } from '../../api/sends.ts'
import { talkTracksApi } from '../../api/talk-tracks.ts'
import { tasksApi } from '../../api/tasks.ts'
import { createDelays, createPlanned } from '../../outbox/read.ts'
import { createPreview } from '../../content/preview.ts'
import { createVariants } from '../../measure/variants.ts'
import { createManualRead } from '../../results/read.ts'
import type { Rooms } from '../rooms.ts'

/** What is sent, to whom and by which rule. */
export const journeysEndpoints = ({
  mongo,
  audit,
  look,
  profileRead,
  factsRead,
  tagsRead,
  channelsRead,
  sendsRead,
  messages,
  names,
  called,
  sees,
  customerNames,
  contents,
  coupons,
  materials,
  talkTracks,
  playbookParts,
  assetsOf,
  media,
  links,
  tasks,
  outbox,
  wantMany,
  groups,
  robots,
  pushes,
  measure,
  rules,
  results,
  broadcasts,
  channels,
  clock,
  newId,
  zone,
}: Rooms) => [
  ...tasksApi({ tasks, customerNames, look, sees, read: profileRead, audit }),
  ...rulesApi({
    rules,
    sees,
    look,
    customerNames,
    audit,
    read: profileRead,
    newId,
    prefetch: async (steps) => media.prefetch(await assetsOf(steps)),
  }),
  ...playbooksApi({ parts: playbookParts, contents, coupons, talkTracks, rules, newId, audit }),
  ...backtestsApi({ rules, sees, look, customerNames, names: called, audit }),
  ...measureApi({ measure, rules: rules.store, read: profileRead, audit }),
  ...contentsApi({
    contents,
    coupons,
    media,
    read: profileRead,
    look,
    variants: createVariants({
      clock,
      tally: sendsRead.tallyOfContent,
      arrived: sendsRead.arrivedOf,
      boughtOf: profileRead.bought,
      factsSince: factsRead.since,
    }),
    preview: createPreview({ clock, zone, catalog: contents.catalog, couponOf: coupons.factsOf, names }),
    audit,
  }),
  ...couponsApi({ coupons, audit }),
  ...talkTracksApi({ talkTracks, materials, read: profileRead, look, audit }),
  ...mediaApi({ media, contents, clock, audit }),
  ...groupsApi({ groups, audit }),
  ...groupPushesApi({ pushes, look, audit }),
  ...robotsApi({ robots, audit }),
  ...groupWaysApi({ groups, audit }),
  ...channelsApi({ channels, channelsRead, tags: tagsRead, audit, names: called, rulesOn: rules.store.on }),
  ...sendsApi({
    sendsRead,
    sees,
    wantMany,
    clock,
    customerNames,
    groupNames: groups.names,
    names: called,
    contents,
    messages,
    manual: createManualRead(mongo),
    remind: results.remind,
    withdraw: outbox.withdraw,
    look,
    zone,
    planned: createPlanned({ mongo, clock }),
    sources: [rules.planned],
    delays: createDelays(mongo),
    audit,
  }),
  ...broadcastsApi({ broadcasts, sendsRead, names: called, look, audit }),
  ...linksApi({ links, sendsRead }),
]
