import { z } from 'zod'
import { isFull, startTransfer, TRANSFER, transferredOften, waitingTransfer } from '../company/transfers.ts'
import type { TransferRow } from '../store/rows-acts.ts'
import type { World } from '../world.ts'
import { post } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { page } from './page.ts'
import { chars, cursor, seconds, userid } from './schema.ts'

const cgi = '/cgi-bin/externalcontact'
const LEFT = 5
const PER_PAGE = 1000
const OFFSET_LIMIT = 50_000

const pair = { handover_userid: userid, takeover_userid: userid }
const customers = z.array(z.string().min(1)).min(1).max(100)

type Kind = TransferRow['kind']

/** Throws when the two members can not hand over to each other. */
function checkMembers(world: World, kind: Kind, handover: string, takeover: string): void {
  const from = world.store.members.get(handover)
  const to = world.store.members.get(takeover)
  if (!from || (kind === 'onjob' && from.status === LEFT)) throw new ApiError(40003, 'handover_userid')
  if (kind === 'resigned' && from.status !== LEFT) throw new ApiError(40097)
  if (!to || to.status === LEFT) throw new ApiError(40003, 'takeover_userid')
  if (to.status !== 1) throw new ApiError(41054, 'takeover_userid')
  if (handover === takeover) throw new ApiError(40130)
}

/** Why this customer can not be handed over now; 0 when he can. */
function problemOf(world: World, handover: string, takeover: string, external: string): number {
  if (!world.store.customers.has(external)) return 40096
  if (world.relations.ofCustomer(external).length === 0) return 84061
  if (!world.relations.get(handover, external)) return 40131
  if (waitingTransfer(world, handover, external)) return 40129
  if (transferredOften(world, external)) return 40128
  return isFull(world, takeover) && !world.relations.get(takeover, external) ? 40099 : 0
}

function transfer(
  world: World,
  kind: Kind,
  asked: { handover_userid: string; takeover_userid: string; external_userid: string[]; message: string },
) {
  const { handover_userid, takeover_userid, message } = asked
  checkMembers(world, kind, handover_userid, takeover_userid)
  const customer = asked.external_userid.map((external_userid) => {
    const errcode = problemOf(world, handover_userid, takeover_userid, external_userid)
    if (errcode === 0) startTransfer(world, { kind, handover_userid, takeover_userid, external_userid, message })
    return { external_userid, errcode }
  })
  return { customer }
}

const asked = z.object({ ...pair, cursor })

/** The last hand-over of each customer between the two. */
function results(world: World, kind: Kind, { handover_userid, takeover_userid, cursor }: z.infer<typeof asked>) {
  for (const id of [handover_userid, takeover_userid]) if (!world.store.members.has(id)) throw new ApiError(40003, id)
  const last = new Map<string, TransferRow>()
  for (const one of world.store.transfers.values()) {
    const fits = one.kind === kind && one.handover_userid === handover_userid && one.takeover_userid === takeover_userid
    if (fits) last.set(one.external_userid, one)
  }
  const scope = `${kind} ${handover_userid} ${takeover_userid}`
  const { rows, next_cursor } = page(scope, [...last.values()], (one) => one.external_userid, cursor, PER_PAGE)
  const customer = rows.map(({ external_userid, status, takes }) => ({
    external_userid,
    status,
    takeover_time: seconds(takes),
  }))
  return { customer, next_cursor }
}

/** Customers of members who have left, and who are not being handed over. */
function unassigned(world: World) {
  const waiting = new Set(
    [...world.store.transfers.values()]
      .filter((one) => one.status === TRANSFER.waiting)
      .map((one) => `${one.handover_userid}\n${one.external_userid}`),
  )
  return [...world.store.members.values()]
    .filter((member) => member.status === LEFT)
    .flatMap((member) =>
      world.relations
        .ofMember(member.userid)
        .filter((one) => !waiting.has(`${one.userid}\n${one.external_userid}`))
        .map(({ external_userid }) => ({
          handover_userid: member.userid,
          external_userid,
          dimission_time: seconds(member.left ?? 0),
        })),
    )
}

/** Customers handed from one member to another (在职继承, 离职继承). */
export const transfers = [
  post(
    `${cgi}/transfer_customer`,
    z.object({ ...pair, external_userid: customers, transfer_success_msg: chars(200).default('') }),
    (world, { transfer_success_msg: message, ...rest }) => transfer(world, 'onjob', { ...rest, message }),
  ),
  post(`${cgi}/transfer_result`, asked, (world, input) => results(world, 'onjob', input)),
  post(`${cgi}/resigned/transfer_customer`, z.object({ ...pair, external_userid: customers }), (world, input) =>
    transfer(world, 'resigned', { ...input, message: '' }),
  ),
  post(`${cgi}/resigned/transfer_result`, asked, (world, input) => results(world, 'resigned', input)),
  post(
    `${cgi}/get_unassigned_list`,
    z.object({
      page_id: z.int().min(0).default(0),
      page_size: z.int().min(1).max(1000).default(1000),
      cursor,
    }),
    (world, { page_id, page_size, cursor }) => {
      const all = unassigned(world)
      const offset = page_id * page_size
      if (offset >= OFFSET_LIMIT) throw new ApiError(40058, 'page_id x page_size is 50000 or more: use cursor')
      const list = cursor === undefined || cursor === '' ? all.slice(offset) : all
      const key = (one: (typeof all)[number]): string => `${one.handover_userid} ${one.external_userid}`
      const { rows, next_cursor } = page('unassigned', list, key, cursor, page_size)
      return { info: rows, is_last: next_cursor === '', next_cursor }
    },
  ),
]
