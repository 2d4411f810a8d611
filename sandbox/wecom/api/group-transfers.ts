import { z } from 'zod'
import { handedLately, handGroup } from '../company/transfers.ts'
import { startOfDay } from '../company/days.ts'
import type { World } from '../world.ts'
import { post } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { userid } from './schema.ts'

const base = '/cgi-bin/externalcontact/groupchat'
const LEFT = 5
const PER_WINDOW = 2
const asked = z.object({ chat_id_list: z.array(z.string().min(1)).min(1).max(100), new_owner: userid })

/** Throws why this group can not get that owner. */
function check(world: World, chatId: string, owner: string, onjob: boolean): void {
  const group = world.store.groups.get(chatId)
  if (group?.kind !== 'customer') throw new ApiError(90501)
  const ownerLeft = world.store.members.get(group.owner)?.status === LEFT
  if (onjob && ownerLeft) throw new ApiError(90502)
  if (!onjob && !ownerLeft) throw new ApiError(group.inherited === true ? 90508 : 90500)
  if (group.owner === owner) throw new ApiError(90504)
  const { groupSize } = world.rates.limits()
  if (!group.members.some((one) => one.id === owner) && group.members.length >= groupSize) throw new ApiError(90503)
  if (onjob && handedLately(world, chatId).length >= PER_WINDOW) throw new ApiError(40128)
  if (onjob) countHandOver(world, group.owner)
}

/** An owner hands over so many groups a day. */
function countHandOver(world: World, owner: string): void {
  const most = world.rates.limits().groupTransfersPerDay
  const key = `${owner}|${startOfDay(world.clock.now())}|groups handed over`
  const done = world.store.quota.get(key) ?? 0
  if (done >= most) throw new ApiError(45009)
  world.store.quota.set(key, done + 1)
}

function handAll(world: World, { chat_id_list, new_owner }: z.infer<typeof asked>, onjob: boolean) {
  if (world.store.members.get(new_owner)?.status !== 1) throw new ApiError(40003, 'new_owner')
  const failed_chat_list = chat_id_list.flatMap((chat_id) => {
    try {
      check(world, chat_id, new_owner, onjob)
      handGroup(world, chat_id, new_owner, !onjob)
      return []
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return [{ chat_id, errcode: error.errcode, errmsg: error.message }]
    }
  })
  return { failed_chat_list }
}

/** Customer groups handed to another owner, at once. */
export const groupTransfers = [
  post(`${base}/onjob_transfer`, asked, (world, input) => handAll(world, input, true)),
  post(`${base}/transfer`, asked, (world, input) => handAll(world, input, false)),
]
