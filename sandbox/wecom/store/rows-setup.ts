import { z } from 'zod'

/** What an admin or an app sets up besides people, tags, groups and contact ways, one schema per table. Times are epoch ms. */

const made = { create_time: z.int() }

/** 客户联系规则组 and 朋友圈规则组. */
export const StrategyRow = z.object({
  strategy_id: z.int(),
  kind: z.enum(['customer', 'moment']),
  parent_id: z.int(),
  strategy_name: z.string(),
  admin_list: z.array(z.string()),
  privilege: z.record(z.string(), z.boolean()),
  range: z.array(z.object({ type: z.int(), userid: z.string().optional(), partyid: z.int().optional() })),
  ...made,
})

export const JoinWayRow = z.object({
  config_id: z.string(),
  scene: z.int(),
  remark: z.string(),
  auto_create_room: z.int(),
  room_base_name: z.string(),
  room_base_id: z.int(),
  chat_id_list: z.array(z.string()),
  state: z.string(),
  mark_source: z.boolean(),
  /** Groups the platform has made because all of the list were full. */
  made: z.array(z.string()),
  ...made,
})

/** 入群欢迎语素材; `by`: whose token made it. */
export const GroupWelcomeRow = z.object({
  template_id: z.string(),
  by: z.enum(['contact', 'agent', 'sync']),
  text: z.object({ content: z.string() }).optional(),
  attachment: z.looseObject({ msgtype: z.string() }).optional(),
  ...made,
})

export const AlbumRow = z.object({
  product_id: z.string(),
  description: z.string(),
  price: z.int(),
  product_sn: z.string().optional(),
  attachments: z.array(z.unknown()),
  ...made,
})

export const InterceptRuleRow = z.object({
  rule_id: z.string(),
  rule_name: z.string(),
  word_list: z.array(z.string()),
  semantics_list: z.array(z.int()),
  intercept_type: z.int(),
  applicable_range: z.object({ user_list: z.array(z.string()), department_list: z.array(z.int()) }),
  ...made,
})

/** 获客链接. */
export const LinkRow = z.object({
  link_id: z.string(),
  link_name: z.string(),
  url: z.string(),
  skip_verify: z.boolean(),
  mark_source: z.boolean(),
  range: z.object({ user_list: z.array(z.string()), department_list: z.array(z.int()) }),
  priority_option: z.object({ priority_type: z.int(), priority_userid_list: z.array(z.string()) }).optional(),
  /** Spreads the customers over the members. */
  adds: z.int(),
  /** The event that it can not be used has been sent. */
  unavailable: z.boolean(),
  ...made,
})

/** What is left of the corp's uses of acquisition links; one row. */
export const QuotaRow = z.object({
  total: z.int(),
  parts: z.array(z.object({ expire: z.int(), balance: z.int(), warned: z.array(z.int()) })),
})

/** The app as an admin or the API describes it; one row. */
export const AppRow = z.object({
  name: z.string(),
  description: z.string(),
  logo: z.string(),
  home_url: z.string(),
  redirect_domain: z.string().optional(),
  report_location_flag: z.int(),
  isreportenter: z.int(),
  menu: z.array(z.unknown()),
  /** Whom the app may see and reach; missing: everybody. */
  range: z.object({ users: z.array(z.string()), parties: z.array(z.int()) }).optional(),
})

export type StrategyRow = z.infer<typeof StrategyRow>
export type JoinWayRow = z.infer<typeof JoinWayRow>
export type GroupWelcomeRow = z.infer<typeof GroupWelcomeRow>
export type AlbumRow = z.infer<typeof AlbumRow>
export type InterceptRuleRow = z.infer<typeof InterceptRuleRow>
export type LinkRow = z.infer<typeof LinkRow>
export type QuotaRow = z.infer<typeof QuotaRow>
export type AppRow = z.infer<typeof AppRow>
