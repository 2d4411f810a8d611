import type { Tier } from '@zhiyin/shared/tier'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { itemOf, type GroupItem } from './item.ts'
import type { Seal } from './seal.ts'

export type InternalDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** A robot that was disabled may speak again. */
  enableRobot: (groupId: string) => Promise<void>
}

/** A robot's address: WeCom's path with a key. The host is checked where it is called. */
const checkWebhook = (webhook: string): void => {
  const url = new URL(webhook)
  const right = url.pathname === '/cgi-bin/webhook/send' && (url.searchParams.get('key') ?? '') !== ''
  if (!right)
    throw new AppError('request.invalid', { params: { field: 'webhook', problem: '…/cgi-bin/webhook/send?key=…' } })
}

/** Internal groups, which are known by the address of the robot in them. */
export const createInternal = ({ mongo, clock, newId, seal, enableRobot }: InternalDeps & { seal: Seal }) => {
  const groups = groupModel(mongo.connection)
  const internal = { kind: 'internal' as const, dismissed: false }

  return {
    /**
     * The same robot again only renames its group. Another one under the name of a group that is there is refused unless `anyway`: as a
     * rule it is the new robot of that group.
     */
    async add(
      {
        name,
        webhook,
        tier,
        anyway = false,
      }: { name: string; webhook: string; tier: Tier; anyway?: boolean | undefined },
      by: string,
    ): Promise<GroupItem> {
      checkWebhook(webhook)
      const key = seal.mark(webhook)
      const twin = anyway ? null : await groups.findOne({ ...internal, name, key: { $ne: key } }, { _id: 1 }).lean()
      if (twin !== null) throw new AppError('group.same_name', { status: 409, params: { name, id: twin._id } })
      const now = clock.date()
      const fresh = {
        _id: newId('group'),
        kind: internal.kind,
        chatId: null,
        owner: null,
        members: 0,
        memberVersion: null,
      }
      const change = {
        name,
        tier,
        hand: { tier, by, at: now },
        tierSince: now,
        webhook: seal.seal(webhook),
        dismissed: false,
      }
      const doc = await groups
        .findOneAndUpdate({ key }, { $set: change, $setOnInsert: fresh }, { upsert: true, returnDocument: 'after' })
        .lean<GroupDoc | null>()
      if (doc === null) throw notFound('group', name)
      return itemOf(doc)
    },

    /** Throws not_found, `group.robot_elsewhere`. */
    async setRobot(id: string, webhook: string): Promise<GroupItem> {
      checkWebhook(webhook)
      const key = seal.mark(webhook)
      const other = await groups.findOne({ key, _id: { $ne: id } }, { name: 1 }).lean()
      if (other !== null) throw new AppError('group.robot_elsewhere', { status: 409, params: { name: other.name } })
      const doc = await groups
        .findOneAndUpdate(
          { _id: id, ...internal },
          { $set: { key, webhook: seal.seal(webhook) } },
          { returnDocument: 'after' },
        )
        .lean<GroupDoc | null>()
      if (doc === null) throw notFound('group', id)
      await enableRobot(id)
      return itemOf(doc)
    },
  }
}
