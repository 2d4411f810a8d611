import { z } from 'zod'
import type { StrategyRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { CONTACT, endpoint, post, type Endpoint } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { page } from './page.ts'
import { cursor, limit, seconds, userid } from './schema.ts'

const LEVELS = 5
const PRIVILEGES = [
  'view_customer_list',
  'view_customer_data',
  'view_room_list',
  'contact_me',
  'join_room',
  'share_customer',
  'oper_resign_customer',
  'oper_resign_group',
  'send_customer_msg',
  'edit_welcome_msg',
  'view_behavior_data',
  'view_room_data',
  'send_group_msg',
  'room_deduplication',
  'rapid_reply',
  'onjob_customer_transfer',
  'edit_anti_spam_rule',
  'export_customer_list',
  'export_customer_data',
  'export_customer_group_list',
] as const

type Kind = StrategyRow['kind']
const id = z.int().min(1)
const name = z.string().min(1)
const admins = z.array(userid).min(1).max(20)
const Range = z.discriminatedUnion('type', [
  z.object({ type: z.literal(1), userid }),
  z.object({ type: z.literal(2), partyid: z.int().min(1) }),
])
type Range = z.infer<typeof Range>
const ranges = z.array(Range)
const customerPrivilege = z.object(Object.fromEntries(PRIVILEGES.map((one) => [one, z.boolean().optional()])))
const privilegeOf = {
  customer: customerPrivilege,
  moment: z.record(z.string(), z.boolean()),
} as const
const none = Object.fromEntries(PRIVILEGES.map((one) => [one, false]))

/** The strategy of that number, of either kind unless one is named. */
export function strategyOf(world: World, strategyId: number, kind: Kind): StrategyRow {
  const row = world.store.strategies.get(String(strategyId))
  return known(row?.kind === kind ? row : undefined, 40058, 'strategy_id')
}

function checkPeople(world: World, people: string[], range: Range[]): void {
  for (const one of people) if (!world.store.members.has(one)) throw new ApiError(40003, one)
  for (const one of range) {
    if (one.type === 1 && !world.store.members.has(one.userid)) throw new ApiError(40003, one.userid)
    if (one.type === 2 && !world.store.departments.has(String(one.partyid)))
      throw new ApiError(60003, String(one.partyid))
  }
}

function levelOf(world: World, parent: number, kind: Kind): number {
  return parent === 0 ? 1 : levelOf(world, strategyOf(world, parent, kind).parent_id, kind) + 1
}

function checkSize(world: World, range: unknown[]): void {
  if (range.length > world.rates.limits().strategyRange) throw new ApiError(40058, 'too many nodes in range')
}

const same = (a: Range, b: StrategyRow['range'][number]): boolean =>
  a.type === 1 ? a.userid === b.userid : a.partyid === b.partyid

function given(privilege: Record<string, boolean | undefined> | undefined): Record<string, boolean> {
  return Object.fromEntries(Object.entries(privilege ?? {}).map(([key, on]) => [key, on ?? false]))
}

/** The six endpoints of a kind of strategy; writes of one kind come one after the other (6000). */
function endpointsOf(kind: Kind): Endpoint[] {
  const base = `/cgi-bin/externalcontact/${kind}_strategy`
  const privilege = privilegeOf[kind].optional()
  const of = (world: World) => [...world.store.strategies.values()].filter((one) => one.kind === kind)
  const write = <T>(path: string, input: z.ZodType<T>, handle: (world: World, input: T) => Record<string, unknown>) =>
    endpoint({ method: 'POST', path: `${base}/${path}`, secrets: CONTACT, serial: base, input, handle })
  return [
    post(
      `${base}/list`,
      z.object({ cursor, limit: limit(1000, 1000) }),
      (world, { cursor, limit }) => {
        const { rows, next_cursor } = page(base, of(world), (one) => String(one.strategy_id), cursor, limit)
        return { strategy: rows.map(({ strategy_id }) => ({ strategy_id })), next_cursor }
      },
      CONTACT,
    ),
    post(
      `${base}/get`,
      z.object({ strategy_id: id }),
      (world, { strategy_id }) => {
        const { create_time, range: _range, kind: _kind, ...rest } = strategyOf(world, strategy_id, kind)
        return { strategy: { ...rest, create_time: seconds(create_time) } }
      },
      CONTACT,
    ),
    post(
      `${base}/get_range`,
      z.object({ strategy_id: id, cursor, limit: limit(1000, 1000) }),
      (world, { strategy_id, cursor, limit }) => {
        const { range } = strategyOf(world, strategy_id, kind)
        const key = (one: StrategyRow['range'][number]): string => one.userid ?? String(one.partyid)
        const { rows, next_cursor } = page(`${base} ${strategy_id}`, range, key, cursor, limit)
        return { range: rows, next_cursor }
      },
      CONTACT,
    ),
    write(
      'create',
      z.object({
        parent_id: z.int().min(0).default(0),
        strategy_name: name,
        admin_list: admins,
        privilege,
        range: ranges.min(1),
      }),
      (world, asked) => {
        checkPeople(world, asked.admin_list, asked.range)
        checkSize(world, asked.range)
        if (levelOf(world, asked.parent_id, kind) > LEVELS) throw new ApiError(40058, 'more than 5 levels')
        const strategy_id = Math.max(0, ...[...world.store.strategies.keys()].map(Number)) + 1
        world.store.strategies.set(String(strategy_id), {
          strategy_id,
          kind,
          parent_id: asked.parent_id,
          strategy_name: asked.strategy_name,
          create_time: world.clock.now(),
          admin_list: asked.admin_list,
          privilege: { ...(kind === 'customer' ? none : {}), ...given(asked.privilege) },
          range: asked.range,
        })
        return { strategy_id }
      },
    ),
    write(
      'edit',
      z.object({
        strategy_id: id,
        strategy_name: name.optional(),
        admin_list: admins.optional(),
        privilege,
        range_add: ranges.default([]),
        range_del: ranges.default([]),
      }),
      (world, asked) => {
        const old = strategyOf(world, asked.strategy_id, kind)
        checkPeople(world, asked.admin_list ?? [], asked.range_add)
        const kept = old.range.filter(
          (one) => ![...asked.range_del, ...asked.range_add].some((gone) => same(gone, one)),
        )
        const range = [...kept, ...asked.range_add]
        checkSize(world, range)
        world.store.strategies.set(String(old.strategy_id), {
          ...old,
          strategy_name: asked.strategy_name ?? old.strategy_name,
          admin_list: asked.admin_list ?? old.admin_list,
          privilege: { ...old.privilege, ...given(asked.privilege) },
          range,
        })
        return {}
      },
    ),
    write('del', z.object({ strategy_id: id }), (world, { strategy_id }) => {
      strategyOf(world, strategy_id, kind)
      if (of(world).some((one) => one.parent_id === strategy_id))
        throw new ApiError(40058, 'it has strategies below it')
      world.store.strategies.delete(String(strategy_id))
      return {}
    }),
  ]
}

/** Customer strategies (客户联系规则组) and moment strategies (朋友圈规则组). */
export const strategies = [...endpointsOf('customer'), ...endpointsOf('moment')]
