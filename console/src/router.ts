import type { Role } from '@zhiyin/shared/api/endpoint'
import { createRouter, createWebHistory, type RouterHistory } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page; a rep where nothing is said. */
    role?: Role
  }
}

const manager = { role: 'manager' } as const

export const routes = [
  { path: '/', name: 'today', component: () => import('./today/TodayPage.vue') },
  { path: '/customers', name: 'customers', component: () => import('./customers/CustomersPage.vue') },
  { path: '/customers/:id', name: 'customer', component: () => import('./customers/CustomerPage.vue'), props: true },
  { path: '/segments', name: 'segments', component: () => import('./segments/SegmentsPage.vue'), meta: manager },
  {
    path: '/segments/new/:kind',
    name: 'segment-new',
    component: () => import('./segments/SegmentNewPage.vue'),
    props: true,
    meta: manager,
  },
  {
    path: '/segments/:id',
    name: 'segment',
    component: () => import('./segments/SegmentPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/rules', name: 'rules', component: () => import('./rules/RulesPage.vue'), meta: manager },
  {
    path: '/rules/new/:template',
    name: 'rule-new',
    component: () => import('./rules/RuleNewPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/rules/:id', name: 'rule', component: () => import('./rules/RulePage.vue'), props: true, meta: manager },
  {
    path: '/broadcasts',
    name: 'broadcasts',
    component: () => import('./broadcasts/BroadcastsPage.vue'),
    meta: manager,
  },
  {
    path: '/broadcasts/new',
    name: 'broadcast-new',
    component: () => import('./broadcasts/BroadcastNewPage.vue'),
    meta: manager,
  },
  {
    path: '/broadcasts/:id',
    name: 'broadcast',
    component: () => import('./broadcasts/BroadcastPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/contents', name: 'contents', component: () => import('./contents/ContentsPage.vue') },
  { path: '/talk-tracks', name: 'talk-tracks', component: () => import('./talk/TalkTracksPage.vue') },
  { path: '/coupons', name: 'coupons', component: () => import('./coupons/CouponsPage.vue'), meta: manager },
  { path: '/contents/new', name: 'content-new', component: () => import('./contents/ContentPage.vue'), meta: manager },
  { path: '/contents/:id', name: 'content', component: () => import('./contents/ContentPage.vue'), props: true },
  { path: '/media', name: 'media', component: () => import('./media/MediaPage.vue') },
  { path: '/groups', name: 'groups', component: () => import('./groups/GroupsPage.vue') },
  { path: '/groups/push', name: 'group-push', component: () => import('./groups/GroupPushPage.vue'), meta: manager },
  {
    path: '/groups/pushes/:id',
    name: 'group-push-result',
    component: () => import('./groups/PushPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/groups/plans', name: 'group-plans', component: () => import('./groups/GroupPlansPage.vue'), meta: manager },
  {
    path: '/groups/plans/new',
    name: 'group-plan-new',
    component: () => import('./groups/GroupPlanPage.vue'),
    meta: manager,
  },
  {
    path: '/groups/plans/:id',
    name: 'group-plan',
    component: () => import('./groups/GroupPlanPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/groups/join-ways', name: 'join-ways', component: () => import('./groups/JoinWaysPage.vue'), meta: manager },
  {
    path: '/groups/welcomes',
    name: 'group-welcomes',
    component: () => import('./groups/GroupWelcomesPage.vue'),
    meta: manager,
  },
  {
    path: '/groups/activity',
    name: 'group-activity',
    component: () => import('./groups/GroupActivityPage.vue'),
    meta: manager,
  },
  { path: '/groups/:id', name: 'group', component: () => import('./groups/GroupPage.vue'), props: true },
  { path: '/measure', name: 'measure', component: () => import('./measure/MeasurePage.vue'), meta: manager },
  { path: '/losses', name: 'losses', component: () => import('./losses/LossesPage.vue') },
  { path: '/transfers', name: 'transfers', component: () => import('./transfers/TransfersPage.vue'), meta: manager },
  { path: '/channels', name: 'channels', component: () => import('./channels/ChannelsPage.vue'), meta: manager },
  {
    path: '/channels/new',
    name: 'channel-new',
    component: () => import('./channels/ChannelEditPage.vue'),
    meta: manager,
  },
  {
    path: '/channels/:id',
    name: 'channel',
    component: () => import('./channels/ChannelPage.vue'),
    props: true,
    meta: manager,
  },
  {
    path: '/channels/:id/edit',
    name: 'channel-edit',
    component: () => import('./channels/ChannelEditPage.vue'),
    props: true,
    meta: manager,
  },
  {
    path: '/identities',
    name: 'identities',
    component: () => import('./identities/IdentitiesPage.vue'),
    meta: manager,
  },
  {
    path: '/attributes',
    name: 'attributes',
    component: () => import('./attributes/AttributesPage.vue'),
    meta: manager,
  },
  { path: '/tags', name: 'tags', component: () => import('./tags/TagsPage.vue'), meta: manager },
  { path: '/tags/rules', name: 'tag-rules', component: () => import('./tags/TagRulesPage.vue'), meta: manager },
  { path: '/tags/rules/new', name: 'tag-rule-new', component: () => import('./tags/TagRulePage.vue'), meta: manager },
  {
    path: '/tags/rules/:id',
    name: 'tag-rule',
    component: () => import('./tags/TagRulePage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/sends', name: 'sends', component: () => import('./sends/SendsPage.vue') },
  { path: '/imports', name: 'imports', component: () => import('./imports/ImportsPage.vue'), meta: manager },
  { path: '/imports/new', name: 'import-new', component: () => import('./imports/ImportNewPage.vue'), meta: manager },
  {
    path: '/imports/:id',
    name: 'import',
    component: () => import('./imports/ImportPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/ingest', name: 'ingest', component: () => import('./ingest/IngestPage.vue'), meta: manager },
  { path: '/inbox', name: 'inbox', component: () => import('./inbox/InboxPage.vue'), meta: manager },
  { path: '/tiers', name: 'tiers', component: () => import('./tiers/TiersPage.vue'), meta: manager },
  {
    path: '/tiers/new/:template',
    name: 'tier-new',
    component: () => import('./tiers/TierNewPage.vue'),
    props: true,
    meta: manager,
  },
  { path: '/tiers/:id', name: 'tier', component: () => import('./tiers/TierPage.vue'), props: true, meta: manager },
  {
    path: '/tiers/:id/trials/:trial',
    name: 'tier-trial',
    component: () => import('./tiers/TrialPage.vue'),
    props: true,
    meta: manager,
  },
  {
    path: '/settings/calendar',
    name: 'calendar',
    component: () => import('./calendar/CalendarPage.vue'),
    meta: manager,
  },
  {
    path: '/sends/calendar',
    name: 'send-calendar',
    component: () => import('./sends/SendCalendarPage.vue'),
    meta: manager,
  },
  { path: '/settings', name: 'settings', component: () => import('./settings/SettingsPage.vue'), meta: manager },
  { path: '/setup', name: 'setup', component: () => import('./setup/SetupPage.vue'), meta: manager },
  { path: '/privacy', name: 'privacy', component: () => import('./privacy/PrivacyPage.vue'), meta: manager },
  { path: '/privacy/audit', name: 'audit', component: () => import('./privacy/AuditPage.vue'), meta: manager },
  { path: '/team', name: 'team', component: () => import('./team/TeamPage.vue'), meta: manager },
  {
    path: '/queues',
    name: 'queues',
    component: () => import('./shell/QueuesPage.vue'),
    meta: { role: 'admin' as const },
  },
  { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./shell/NowherePage.vue') },
]

export const createConsoleRouter = (history: RouterHistory = createWebHistory('/console/')) =>
  createRouter({ history, routes, scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 } })
