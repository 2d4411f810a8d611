import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { because } from '@zhiyin/shared/because'
import { handlersOf, mergeHandlers } from '@zhiyin/shared/events'
import type { Step } from '@zhiyin/shared/rule'
import { createActorOf } from './api/actor-of.ts'
import { attributesApi } from './api/attributes.ts'
import { createAttributes } from './attributes/attributes.ts'
import { usersOf } from './attributes/users.ts'
import { correctAttribute } from './commands/correct-attribute.ts'
import { broadcastsApi } from './api/broadcasts.ts'
import { channelsApi } from './api/channels.ts'
import { contentsApi } from './api/contents.ts'
import { customersApi } from './api/customers.ts'
import { groupsApi } from './api/groups.ts'
import { groupWaysApi } from './api/group-ways.ts'
import { identitiesApi } from './api/identities.ts'
import { importsApi } from './api/imports.ts'
import { inboxApi } from './api/inbox.ts'
import { ingestApi } from './api/ingest.ts'
import { linksApi } from './api/links.ts'
import { mediaApi } from './api/media.ts'
import { lossesApi } from './api/losses.ts'
import { membersApi } from './api/members.ts'
import { robotsApi } from './api/robots.ts'
import { tagByModel } from './commands/tag-by-model.ts'
import { tickedByCard } from './commands/ticked-by-card.ts'
import { privacyApi } from './api/privacy.ts'
import { rulesApi } from './api/rules.ts'
import { segmentsApi } from './api/segments.ts'
import { createSees } from './api/seen.ts'
import { sendsApi } from './api/sends.ts'
import { sessionApi } from './api/session.ts'
import { settingsApi } from './api/settings.ts'
import { setupApi } from './api/setup.ts'
import { syncApi } from './api/sync.ts'
import { systemApi } from './api/system.ts'
import { tagRulesApi } from './api/tag-rules.ts'
import { tagsApi } from './api/tags.ts'
import { tasksApi } from './api/tasks.ts'
import { tiersApi } from './api/tiers.ts'
import { createAudit } from './audit/audit.ts'
import { createAuditRead } from './audit/read.ts'
import { editContact } from './commands/edit-contact.ts'
import { transfersApi } from './api/transfers.ts'
import { createBroadcasts } from './broadcasts/room.ts'
import { callbackRoutes } from './callback/routes.ts'
import { createAlarm } from './channels/alarm.ts'
import { createChannels } from './channels/channels.ts'
import { createPicture, fetchPicture } from './channels/picture.ts'
import { createChannelsRead } from './channels/read.ts'
import { createContents } from './content/contents.ts'
import { createPreview } from './content/preview.ts'
import { createDeliver } from './events/deliver.ts'
import { createFacts } from './events/facts.ts'
import { createFactsRead } from './events/read.ts'
import { createFactsBacklog, createFactsSweep } from './events/sweep.ts'
import { closeQueues, createEnqueue, createEnqueueMany, createQueues } from './flow/enqueue.ts'
import type { JobHandlers } from './flow/jobs.ts'
import { createGroups } from './groups/groups.ts'
import { createPushPlans } from './groups/push-plans.ts'
import { createRobots } from './groups/robots.ts'
import { createKeptGroups } from './groups/kept.ts'
import { customAttributes } from './imports/attributes.ts'
import { createImports } from './imports/imports.ts'
import { createMarkTags } from './imports/mark-tags.ts'
import { checkHandled } from './inbox/ignored.ts'
import { createInbox } from './inbox/inbox.ts'
import { createInboxRead } from './inbox/read.ts'
import { createIngestRoom } from './ingest/room.ts'
import { createLinks } from './links/links.ts'
import { createAccess } from './members/access.ts'
import { createMedia } from './media/media.ts'
import { createLosses } from './losses/losses.ts'
import { createLossesRead } from './losses/read.ts'
import { authRoutes } from './members/auth-routes.ts'
import { createDepartments } from './members/departments.ts'
import { membersHandlers } from './members/handlers.ts'
import { createManagersOf } from './members/managers.ts'
import { createMembers } from './members/members.ts'
import { createHere } from './members/here.ts'
import { createMembersRead } from './members/read.ts'
import { createScopeOf } from './members/scope.ts'
import { createSessions } from './members/session.ts'
import { createLoginState } from './members/state.ts'
import { ensureIndexes, ensureIndexesOf } from './migrations/indexes.ts'
import { filled } from './outbox/media.ts'
import { createOutbox } from './outbox/outbox.ts'
import { createSendsOwned } from './outbox/owned.ts'
import { createPace } from './outbox/pace.ts'
import { createOpenMessages, createSendsRead } from './outbox/read.ts'
import { createWantTag } from './outbox/want-tag.ts'
import type { Clock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { createIds } from './platform/id.ts'
import type { Log } from './platform/log.ts'
import { createVault } from './platform/vault.ts'
import { createMetrics } from './platform/metrics.ts'
import { connectMongo } from './platform/mongo.ts'
import { connectRedis, connectWorkerRedis } from './platform/redis.ts'
import { createBorder, normalPersonal } from './privacy/border.ts'
import { createGraves } from './privacy/graves.ts'
import { createLook } from './privacy/look.ts'
import { createRefusals } from './outbox/refusals.ts'
import { joinPrivacy } from './personal.ts'
import { createPrivacySettings } from './privacy/settings.ts'
import { createDefinitions } from './profile/definitions.ts'
import { createLevelsRead } from './profile/levels/read.ts'
import { createProfile } from './profile/profile.ts'
import { createIdentitiesRead } from './profile/identities/read.ts'
import { createHolds, createProfileRead } from './profile/read.ts'
import { createManualRead } from './results/read.ts'
import { createResults } from './results/results.ts'
import { createRules } from './rules/room.ts'
import { askingBroadcasts, askingDefinitions, askingRules, askingSegments } from './segments/asking.ts'
import { createSegments } from './segments/segments.ts'
import { evaluate } from './conditions/evaluate.ts'
import { reachable, seenBy, toFilter } from './conditions/filter.ts'
import { createSettings } from './settings/settings.ts'
import { createAlerts } from './setup/alerts.ts'
import { createFaults } from './setup/faults.ts'
import { createSetupRoom } from './setup/setup.ts'
import { verifyFileRoutes } from './setup/verify-files.ts'
import { createSyncRead } from './sync/read.ts'
import { createSync } from './sync/sync.ts'
import { createTagMarks } from './tags/marks.ts'
import { createTagsRead } from './tags/read.ts'
import { createTagRules } from './tags/rules.ts'
import { createTags, tagsHandlers } from './tags/tags.ts'
import { createTaskCards } from './tasks/cards.ts'
import { createTasksOwned } from './tasks/owned.ts'
import { createTasks } from './tasks/tasks.ts'
import { createTiers } from './tiers/tiers.ts'
import { createTransfersRead } from './transfers/read.ts'
import { createTransfers, holdersOf } from './transfers/transfers.ts'
import { createWecom } from './wecom/create.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), import.meta.url.includes('/dist/') ? '../..' : '..')
const version: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version

type Start = {
  config: Config
  log: Log
  clock: Clock
  /** False where another thread of the process brings what was kept before into today's form. */
  upgrades?: boolean
}

/** Everything a role needs, made once and joined here: stores, adapter, stages, endpoints. Rejects when a store cannot be reached. */
export const createDeps = async ({ config, log, clock, upgrades = true }: Start) => {
  const metrics = createMetrics()
  const newId = createIds(clock)
  const zone = config.TIMEZONE
  const mongo = await connectMongo(config.MONGODB_URL, log)
  const redis = connectRedis(config.REDIS_URL, log)
  const queues = createQueues(redis)
  const enqueue = createEnqueue(queues, log)
  const faults = createFaults({ mongo, clock, log })
  const wecom = createWecom({ config, redis, clock, log, metrics, onFault: faults.met, onPassed: faults.passed })
  const audit = createAudit({ mongo, clock, newId })
  const auditRead = createAuditRead(mongo)
  const vault = createVault({ ring: config.PII_KEYS, indexKey: config.PII_INDEX_KEY, normal: normalPersonal })
  const graves = createGraves({ mongo, vault })
  const border = createBorder({ vault, graves, definitions: () => definitions.get() })
  const look = createLook({ vault, saw: audit.saw, sensitive: border.sensitive.is })
  const told = border.wecom(wecom.read)

  const profileRead = createProfileRead(mongo, border.blind)
  const factsRead = createFactsRead(mongo)
  const membersRead = createMembersRead({ mongo })
  const tagsRead = createTagsRead({ mongo })
  const inboxRead = createInboxRead({ mongo, clock })
  const channelsRead = createChannelsRead({ mongo })
  const sendsRead = createSendsRead(mongo)
  const { names } = membersRead
  const { views } = profileRead
  const tagNames = async (ids: readonly string[]) =>
    new Map((await tagsRead.byIds(ids)).map((tag) => [tag.id, tag] as const))
  const sees = createSees(profileRead)
  const customerNames = async (ids: readonly string[]) =>
    new Map((await views(ids)).map((view) => [view.id, view.name] as const))

  const facts = border.facts(createFacts({ mongo, clock, enqueue, log }))
  const settings = createSettings({ mongo, clock, timezone: zone, onChange: () => profile.recompute.want() })
  const privacySettings = createPrivacySettings({ mongo, clock, onGrants: () => profile.recompute.want() })
  const definitions = createDefinitions({
    clock,
    parts: async () => {
      const { stages } = await settings.fresh()
      return {
        stages,
        schemes: await tiers.definitions(),
        attributes: await attributes.definitions(),
        tagRules: await tagRules.definitions(),
        tags: await tagsRead.terms(),
        segments: await segments.rules(),
        profilingNeedsGrant: (await privacySettings.fresh()).needsGrant.profiling,
      }
    },
  })
  const contents = createContents({ mongo, clock, newId })
  const { render } = contents
  const assetsOf = (steps: readonly Step[]) =>
    contents.assetsOf(steps.flatMap((step) => (step.type === 'send' ? [step.contentId] : [])))
  const media = createMedia({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    wecom: wecom.media,
    bound: async () => new Set(await assetsOf((await rules.store.on()).flatMap(({ steps }) => steps))),
  })
  const tasks = createTasks({
    mongo,
    clock,
    newId,
    sealText: vault.sealText,
    appendFacts: async (list) => void (await facts.append(list)),
  })
  const links = createLinks({
    mongo,
    clock,
    log,
    base: config.PUBLIC_URL,
    enabled: async () => (await settings.get()).limits.trackLinks,
    intentIdOf: sendsRead.idOfKey,
    appendFacts: facts.append,
  })
  const outbox = createOutbox({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    metrics,
    zone,
    write: {
      ...wecom.write,
      markTag: async (mark) => {
        await wecom.write.markTag(mark)
        await profile.marked(mark)
      },
    },
    read: wecom.read,
    pace: createPace(redis, clock),
    media: { ...media, bytes: async (id) => media.files.bytesOf(await media.files.get(id)) },
    limits: async () => (await settings.get()).limits,
    views,
    names,
    webhookOf: (id) => groups.webhookOf(id),
    createTasks: tasks.createMany,
    trackLinks: async (inputs) => (await links.track(inputs)).map(border.wish),
    open: vault.open,
    refusedAsSpam: async ({ broadcastId, ruleId }) => {
      if (broadcastId !== undefined) await broadcasts.refused(broadcastId)
      if (ruleId !== null) await rules.refused(ruleId)
    },
    noticed: (userid, externalUserId) => sync.lost(userid, externalUserId),
    appendFacts: facts.append,
  })
  const wantTag = createWantTag({
    clock,
    wantMany: outbox.wantMany,
    wecomTagIds: async (ids) =>
      new Map(
        (await tagsRead.byIds(ids)).flatMap(({ id, wecomId }) => (wecomId === null ? [] : [[id, wecomId] as const])),
      ),
  })
  const profile = createProfile({
    mongo,
    clock,
    newId,
    log,
    enqueue,
    definitions,
    facts,
    tagNames,
    tagsByWecomId: async (ids) =>
      new Map(
        (await tagsRead.byWecomIds(ids)).flatMap((tag) => (tag.wecomId === null ? [] : [[tag.wecomId, tag] as const])),
      ),
    channelByState: channelsRead.byState,
    getCustomer: told.getCustomer,
    blind: border.blind,
    erased: graves.erased,
    handOverOf: (...asked) => transfers.handOverOf(...asked),
    concerns: async () => {
      const byRules = await rules.concerns()
      return (fact) => byRules(fact) || tagMarks.concerns(fact) || refusals.concerns(fact)
    },
    wantTag,
    owned: () => [rules.owned, createTasksOwned(mongo), createSendsOwned(mongo), links.owned, channels.owned],
  })
  const groups = createGroups({
    mongo,
    clock,
    newId,
    enqueue,
    read: told,
    setup: wecom.setup,
    picture: createPicture(fetchPicture(config.WECOM_API_BASE)),
    ready: async (one) => {
      const mediaId = 'assetId' in one ? await media.mediaIdFor(one.assetId, 'message') : ''
      return filled(one, () => mediaId)
    },
    ensureCustomer: (externalUserId) => profile.ensureCustomer([{ kind: 'external_userid', value: externalUserId }]),
    noticed: ({ subject }) => sync.missedInGroup(subject),
    appendFacts: facts.append,
    customersOf: profileRead.idsByExternal,
    contentName: async (id) => (await contents.get(id)).name,
    render,
    names,
    wantMany: outbox.wantMany,
    ofPushes: sendsRead.ofPushes,
    sessionSecret: config.SESSION_SECRET,
  })
  const { wantMany } = outbox
  const robots = createRobots({ mongo, clock, wantMany, ...outbox.robots, sendOf: sendsRead.get })
  const contentName = async (id: string) => (await contents.get(id)).name
  const taskCards = createTaskCards({
    mongo,
    clock,
    zone,
    consoleUrl: `${config.PUBLIC_URL}/console`,
    enabled: async () => (await settings.get()).limits.taskCards,
    customerNames,
    wantMany,
    sendOf: sendsRead.get,
    openText: vault.openText,
    done: tickedByCard({ tasks, audit, names }),
  })
  const pushPlans = createPushPlans({ mongo, clock, newId, log, zone, contentName, push: groups.push })
  const rules = createRules({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    zone,
    views,
    scan: (condition, after, limit, scope = null) =>
      profileRead.scan(seenBy(toFilter(condition, clock.date()), scope), after, limit),
    evaluate,
    names,
    lastTalk: factsRead.lastTalk,
    render,
    appendFacts: facts.append,
    factsSince: factsRead.since,
    // Until the company keeps a calendar of its own, working days are those of the week.
    isWorkday: (day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()),
    outbox,
    waitingFor: sendsRead.waitingFor,
    createTasks: tasks.createMany,
    closeTasks: tasks.close,
    isTaskOpen: tasks.isOpen,
    sends: sendsRead,
    tagNames,
    wantTag,
    contentIds: async (ids) => (await contents.find(ids)).map(({ id }) => id),
    robotGroupIds: groups.robotGroupIds,
    ensureCustomer: (externalUserId, at) =>
      profile.ensureCustomer([{ kind: 'external_userid', value: externalUserId, at }]),
    channelByState: channelsRead.byState,
    takenOver: async (pair, at) => (await transfers.handOverOf(pair, 'to', at)) !== null,
    nameOf: async (externalUserId) => (await wecom.urgent.getCustomer(externalUserId))?.contact.name ?? null,
  })
  const messages = createOpenMessages(mongo)
  const results = createResults({
    mongo,
    zone,
    clock,
    log,
    enqueue,
    messages,
    read: wecom.bulk,
    setup: wecom.setup,
    deliveries: outbox.deliveries,
    receipts: { keep: outbox.keepReceipts, forget: outbox.forgetReceipts },
    limits: async () => (await settings.get()).limits,
    names,
    createTask: tasks.create,
    closeTasks: tasks.close,
  })
  const broadcasts = createBroadcasts({
    mongo,
    clock,
    newId,
    enqueue,
    scan: ({ condition, userids }, after, limit) =>
      profileRead.scan(reachable(toFilter(condition, clock.date()), userids), after, limit),
    count: ({ condition, userids }) => profileRead.count(reachable(toFilter(condition, clock.date()), userids)),
    groups: groups.ofCustomers,
    render,
    names,
    lastTalk: factsRead.lastTalk,
    contentName: async (id) => (await contents.get(id)).name,
    outbox,
    isOpen: sendsRead.isOpen,
    messages,
    remind: results.remind,
  })
  const asking = async () => [
    ...askingDefinitions(await definitions.fresh()),
    ...askingRules(await rules.store.list()),
    ...askingBroadcasts(await broadcasts.open()),
  ]
  const attributes = createAttributes({
    mongo,
    clock,
    enqueue,
    zone,
    recompute: () => profile.recompute.want(),
    backfill: profile.backfill,
    count: profile.countQuality,
    usersOf: async (key) => usersOf(key, [...(await asking()), ...askingSegments(await segments.rules())]),
  })
  const segments = createSegments({
    mongo,
    vault,
    sharingNeedsGrant: async () => (await privacySettings.get()).needsGrant.sharing,
    keepDays: async () => (await privacySettings.get()).retention.exports,
    onExpired: (files) => privacy.retain.note('exports', files),
    clock,
    newId,
    log,
    enqueue,
    customers: profileRead,
    definitions,
    recompute: profile.recompute,
    asking,
    append: facts.append,
    settled: async (customerIds) => (await factsRead.awaiting(customerIds, 'profile', 1)).length === 0,
    backlogs: [createFactsBacklog(mongo), profile.backlog],
    tagNames: async (ids) => new Map([...(await tagNames(ids))].map(([id, tag]) => [id, tag.name] as const)),
    repNames: names,
  })
  const tiers = createTiers({
    mongo,
    clock,
    newId,
    enqueue,
    zone,
    customers: createLevelsRead(mongo),
    facts: factsRead,
    definitions: () => definitions.fresh(),
    recompute: () => profile.recompute.want(),
    asking: async () => [...(await asking()), ...askingSegments(await segments.rules())],
  })
  const scopeOfMember = createScopeOf({ mongo })
  const managersOf = createManagersOf({ membersRead, scopeOf: scopeOfMember })
  const losses = createLosses({
    mongo,
    clock,
    views,
    names,
    standing: membersRead.standing,
    managersOf,
    createTasks: tasks.createMany,
    closeTasks: tasks.close,
    wantMany: outbox.wantMany,
    lossesUrl: `${config.PUBLIC_URL}/console/losses`,
  })
  const keptGroups = createKeptGroups(mongo)
  const transfers = createTransfers({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    zone,
    read: wecom.read,
    setup: wecom.setup,
    views,
    names,
    ensureCustomers: (ids) => profile.ensureCustomers(ids.map((value) => [{ kind: 'external_userid', value }])),
    customerOf: async (id) => holdersOf(await profileRead.byExternal(id)),
    groupsOf: keptGroups.ownedBy,
    groupChanged: (chatId) => enqueue('groups.sync', { chatIds: [chatId] }),
    gone: async () => (await membersRead.list()).flatMap(({ userid, active }) => (active ? [] : userid)),
    isHere: async (userid) => (await membersRead.get(userid))?.active === true,
    managersOf,
    appendFacts: facts.append,
    handOver: profile.handOver,
    moveWork: async (move) => {
      await tasks.handOver(move)
      await rules.handOver(move)
    },
    createTasks: tasks.createMany,
    wantMany: outbox.wantMany,
    transfersUrl: `${config.PUBLIC_URL}/console/transfers`,
  })
  const channels = createChannels({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    zone,
    facts: factsRead,
    members: membersRead,
    read: wecom.read,
    setup: wecom.setup,
    picture: fetchPicture(config.WECOM_API_BASE),
    alarm: createAlarm({
      clock,
      zone,
      managersOf,
      wantMany: outbox.wantMany,
      channelsUrl: `${config.PUBLIC_URL}/console/channels`,
    }),
  })
  const refusals = createRefusals({ views, withdraw: outbox.withdraw })
  const deliver = createDeliver({
    facts,
    foldSome: profile.foldSome,
    match: async (customerId, list) => {
      await channels.count(customerId, list)
      await losses.match(customerId, list)
      await tagMarks.match(customerId, list)
      await refusals.match(customerId, list)
      await rules.match(customerId, list)
    },
  })

  const access = createAccess({ redis, log })
  const members = createMembers({ mongo, clock, wecom: wecom.read, access })
  const departments = createDepartments({ mongo, wecom: wecom.read, access })
  const sessions = createSessions({
    config,
    clock,
    members: { get: membersRead.get, seen: members.seen },
    scopeOf: scopeOfMember,
    access,
  })
  const loginState = createLoginState(config.SESSION_SECRET, clock, config.PUBLIC_URL.startsWith('https:'))
  const tagMarks = createTagMarks({
    view: profileRead.view,
    holdsOf: createHolds(mongo).of,
    tagsByIds: tagsRead.byIds,
    wantTag,
  })
  const tagRules = createTagRules({
    mongo,
    clock,
    newId,
    tagsRead,
    definitions: definitions.fresh,
    recompute: () => profile.recompute.want(),
    count: profileRead.count,
    scan: profileRead.scan,
    terms: tagsRead.terms,
  })
  const tags = createTags({
    mongo,
    clock,
    newId,
    log,
    enqueue,
    setup: wecom.setup,
    wecom: wecom.read,
    clear: profile.clearTag,
    recompute: () => profile.recompute.want(),
  })
  const eventHandlers = mergeHandlers(
    handlersOf(profile.handlers),
    rules.handlers,
    groups.handlers,
    membersHandlers({ members, departments }),
    tagsHandlers(tags),
    channels.handlers,
    transfers.handlers,
    taskCards.handlers,
  )
  checkHandled(eventHandlers)
  const inbox = createInbox({
    mongo,
    clock,
    newId,
    enqueueMany: createEnqueueMany(queues, log),
    log,
    metrics,
    handlers: eventHandlers,
  })
  const sync = createSync({
    mongo,
    clock,
    newId,
    log,
    enqueue,
    zone,
    read: { ...border.wecom(wecom.bulk), departments: departments.sync, groupChats: groups.listed },
    inbox: inbox.repair,
    members: { ...createHere({ mongo }), get: membersRead.get, save: members.save },
    tags: {
      get: async (wecomId) => (await tagsRead.byWecomIds([wecomId]))[0] ?? null,
      inWecom: async () =>
        (await tagsRead.list()).flatMap(({ wecomId, name, group }) =>
          wecomId === null ? [] : { wecomId, name, group },
        ),
      takeOver: tags.sync,
    },
    groups: { ...keptGroups, refresh: groups.refresh },
    savePair: async (pair) => {
      await profile.saveContactPair(pair, clock.date())
      await groups.tellPerson(pair.contact.externalUserId)
    },
  })
  const dataIn = createIngestRoom({
    mongo,
    hide: border.hide,
    clock,
    newId,
    log,
    zone,
    ensureCustomers: profile.ensureParts,
    linkIdentities: profile.identities.link,
    append: facts.append,
  })
  const imports = createImports({
    mongo,
    vault,
    keepDays: async () => (await privacySettings.get()).retention.imports + 1,
    clock,
    log,
    newId,
    enqueue,
    zone,
    ensureCustomers: profile.ensureParts,
    known: profileRead.anybodyHas,
    factsByIds: factsRead.byIds,
    settled: async (customerIds) => (await factsRead.awaiting(customerIds, 'profile', 1)).length === 0,
    append: facts.append,
    tags: tagsRead.list,
    markTags: async (wants) => createMarkTags({ views, wantTag })(await profileRead.asWhole(wants)),
    attributes: async () => customAttributes((await definitions.get()).attributes),
  })
  const privacy = joinPrivacy({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    vault,
    graves,
    border,
    settings: privacySettings,
    auditRead,
    names,
    customerNames,
    customerIds: profileRead.idsAfter,
    purgeImports: imports.purge,
    forgetInIngest: dataIn.forget,
    forgetInLinks: links.forget,
    takeBack: (customerId) => outbox.withdraw({ customerId }, because('send.erased')),
  })
  // Callbacks are taken in from the first moment on, each once; whatever reads more waits for `upToDate`.
  await ensureIndexesOf(mongo, 'Inbox')
  const bringUpToDate = async (): Promise<void> => {
    await groups.upgrade()
    await rules.upgrade()
    const customersFromBefore = await profile.upgrade.start()
    await ensureIndexes(mongo)
    await tiers.begin(await settings.formerTiers.read(), customersFromBefore)
    await settings.formerTiers.taken()
  }
  const upToDate = upgrades ? bringUpToDate() : profile.upgrade.started()
  // Whoever waits for it is told what went wrong.
  upToDate.catch(() => undefined)

  const handlers: JobHandlers = {
    'inbox.handle': ({ ids }) => inbox.handle(ids, 'soon'),
    'inbox.handle_now': ({ ids }) => inbox.handle(ids, 'now'),
    'facts.deliver': ({ customerIds }) => deliver(customerIds),
    'profile.merge': ({ mergeId }) => profile.identities.work(mergeId),
    'profile.due': ({ customerIds }) => profile.due(customerIds),
    'profile.recompute': ({ after }) => profile.recompute.next(after),
    'profile.upgrade': ({ step, after }) => profile.upgrade.next(step, after),
    ...privacy.jobs,
    ...rules.jobs,
    ...outbox.jobs,
    ...results.jobs,
    ...broadcasts.jobs,
    ...groups.jobs,
    ...media.jobs,
    ...channels.jobs,
    ...sync.jobs,
    ...tags.jobs,
    ...imports.jobs,
    ...attributes.jobs,
    ...segments.jobs,
    ...tiers.jobs,
    ...transfers.jobs,
  }
  const setup = createSetupRoom({
    mongo,
    redis,
    clock,
    apiBase: config.WECOM_API_BASE,
    publicUrl: config.PUBLIC_URL,
    corpId: config.WECOM_CORP_ID,
    token: config.WECOM_CALLBACK_TOKEN,
    aesKey: config.WECOM_CALLBACK_AES_KEY,
    verifyFileSetting: config.WECOM_VERIFY_FILE,
    probe: wecom.probe,
    read: wecom.read,
    tickets: wecom.tickets,
    lastCallback: async () => (await inboxRead.health()).lastAt,
  })
  const alerts = createAlerts({
    mongo,
    clock,
    admins: membersRead.admins,
    wantMany: outbox.wantMany,
    setupUrl: `${config.PUBLIC_URL}/console/setup`,
  })
  const sweeps = [
    alerts,
    inbox.sweep,
    createFactsSweep({ mongo, facts }),
    ...profile.sweeps,
    ...attributes.sweeps,
    ...rules.sweeps,
    outbox.sweep,
    results.sweep,
    broadcasts.sweep,
    tasks.sweep,
    pushPlans.sweep,
    taskCards.sweep,
    losses.sweep,
    transfers.sweep,
    media.sweep,
    channels.sweep,
    groups.sweep,
    sync.sweep,
    tags.sweep,
    privacy.sweep,
    imports.sweep,
    ...segments.sweeps,
    ...tiers.sweeps,
  ]
  const backlogs = [
    inbox.backlog,
    createFactsBacklog(mongo),
    profile.backlog,
    profile.identities.backlog,
    profile.upgrade.backlog,
    rules.backlog,
    outbox.backlog,
    results.backlog,
    broadcasts.backlog,
    tasks.backlog,
    pushPlans.backlog,
    taskCards.backlog,
    losses.backlog,
    transfers.backlog,
    media.backlog,
    channels.backlog,
    sync.backlog,
    tags.backlog,
    privacy.backlog,
    imports.backlog,
    segments.backlog,
    tiers.backlog,
  ]

  const bounds = [
    ...sessionApi({
      config,
      membersRead,
      oauth: wecom.oauth,
      loginState,
      tickets: wecom.tickets,
      members,
      audit,
    }),
    ...customersApi({
      read: profileRead,
      timeline: factsRead.timeline,
      look,
      definitions,
      memberNames: names,
      suggestContents: rules.suggestFor,
      saidByHand: rules.saidByHand,
      append: facts.append,
      fold: profile.fold,
      clock,
      audit,
      newId,
      tagNames,
      tag: profile.tag,
      correct: correctAttribute({
        read: profileRead,
        append: facts.append,
        fold: profile.fold,
        clock,
        audit,
        newId,
        definitions,
      }),
      editContact: editContact({
        read: profileRead,
        clock,
        audit,
        contactTypeOf: profileRead.contactTypeOf,
        remark: wecom.setup.remark,
        noteContact: (id, userid, note, at) => profile.noteContact(id, userid, border.seal.note(note), at),
        saveContactSnapshot: profile.saveContactSnapshot,
        getCustomer: told.getCustomer,
      }),
    }),
    ...attributesApi({
      attributes,
      read: profileRead,
      progress: profile.recompute.progress,
      definitions,
      look,
      clock,
      audit,
    }),
    ...transfersApi({ transfers, transfersRead: createTransfersRead(mongo), sees, names, customerNames, audit }),
    ...lossesApi({ lossesRead: createLossesRead(mongo), views, sees, names }),
    ...tagsApi({
      tags,
      tagsRead,
      countByTag: profileRead.countByTag,
      countByKind: profileRead.countByKind,
      byModel: tagByModel({ read: profileRead, tagNames, tag: profile.tag, clock, audit }),
      audit,
    }),
    ...tagRulesApi({ tagRules, audit }),
    ...tasksApi({ tasks, customerNames, look, sees, read: profileRead, audit }),
    ...rulesApi({
      rules,
      sees,
      customerNames,
      audit,
      prefetch: async (steps) => media.prefetch(await assetsOf(steps)),
    }),
    ...contentsApi({ contents, media, preview: createPreview({ clock, views, names }), audit }),
    ...mediaApi({ media, contents, clock, audit }),
    ...groupsApi({ groups, audit }),
    ...robotsApi({ robots, pushPlans, audit }),
    ...groupWaysApi({ groups, audit }),
    ...channelsApi({ channels, channelsRead, tags: tagsRead, audit, names, rulesOn: rules.store.on }),
    ...sendsApi({
      sendsRead,
      sees,
      wantMany,
      clock,
      customerNames,
      groupNames: groups.names,
      names,
      messages,
      manual: createManualRead(mongo),
      remind: results.remind,
      withdraw: outbox.withdraw,
      look,
      audit,
    }),
    ...broadcastsApi({ broadcasts, sendsRead, names, look, audit }),
    ...membersApi({ members, membersRead, countCustomers: profileRead.countByRep, sync, audit }),
    ...settingsApi({ settings, audit }),
    ...privacyApi({
      privacy,
      auditRead,
      audit,
      look,
      read: profileRead,
      whole: profileRead.whole,
      countConsents: profileRead.countByConsent,
      sees,
      names,
      customerNames,
    }),
    ...systemApi(backlogs, clock),
    ...syncApi({ sync, syncRead: createSyncRead({ mongo, clock }), clock, audit }),
    ...inboxApi({ inbox, inboxRead, audit }),
    ...setupApi({ setup, faults, files: setup.files, audit }),
    ...identitiesApi({
      identities: profile.identities,
      identitiesRead: createIdentitiesRead(mongo),
      read: profileRead,
      sees,
      look,
      definitions,
      clock,
      names,
      tagNames,
      audit,
    }),
    ...importsApi({ imports, audit }),
    ...tiersApi({
      tiers,
      read: profileRead,
      customerNames,
      sees,
      definitions,
      progress: profile.recompute.progress,
      clock,
      audit,
    }),
    ...segmentsApi({ segments, audit }),
    ...linksApi({ links, sendsRead }),
    ...ingestApi({ ...dataIn, publicUrl: config.PUBLIC_URL, writeKey: config.INGEST_WRITE_KEY }),
  ]

  return {
    config,
    log,
    clock,
    metrics,
    root,
    version: typeof version === 'string' ? version : 'unknown',
    queues,
    handlers,
    sweeps,
    backlogs,
    bounds,
    definitions,
    actorOf: createActorOf({
      adminApiKey: config.ADMIN_API_KEY,
      ingestWriteKey: config.INGEST_WRITE_KEY,
      memberOf: sessions.memberOf,
    }),
    callbackRoutes: callbackRoutes({ config, clock, append: inbox.append, refused: inbox.refused, metrics, log }),
    verifyFileRoutes: verifyFileRoutes(setup.files),
    linkRoutes: links.routes,
    authRoutes: authRoutes({ oauth: wecom.oauth, members, sessions, loginState, log }),
    /** What was kept before can be read, and every index stands. */
    upToDate,
    /** Callbacks may have been lost while no process was there. */
    compare: sync.started,
    connectWorker: () => connectWorkerRedis(config.REDIS_URL, log),
    checks: { mongo: mongo.ping, redis: () => redis.ping() },
    close: async () => {
      await inbox.close()
      await faults.close()
      await dataIn.received.close()
      await closeQueues(queues)
      redis.disconnect()
      await mongo.close()
    },
  }
}

export type Deps = Awaited<ReturnType<typeof createDeps>>
