import type { Tier } from '@zhiyin/shared/tier'
import { AppError, notFound } from '../platform/errors.ts'
import { groupModel } from './groups.model.ts'
import { groupHandlers } from './handlers.ts'
import { itemOf, type GroupItem } from './item.ts'
import { createPush, type PushDeps } from './push.ts'
import { createSeal } from './seal.ts'
import { createSync, type SyncDeps } from './sync.ts'

/** A robot's address: WeCom's path with a key. The host is checked where it is called. */
const checkWebhook = (webhook: string): void => {
  const url = new URL(webhook)
  const right = url.pathname === '/cgi-bin/webhook/send' && (url.searchParams.get('key') ?? '') !== ''
  if (!right)
    throw new AppError('request.invalid', { params: { field: 'webhook', problem: '…/cgi-bin/webhook/send?key=…' } })
}

/** Customer groups as WeCom shows them, internal groups by their robots, the tier of each, and pushes to them. */
export const createGroups = (deps: SyncDeps & PushDeps & { sessionSecret: string }) => {
  const { mongo, newId } = deps
  const groups = groupModel(mongo.connection)
  const seal = createSeal(deps.sessionSecret)
  const sync = createSync(deps)
  const push = createPush(deps)

  const list = async (): Promise<GroupItem[]> =>
    (await groups.find({ dismissed: false }).sort({ kind: 1, name: 1 }).limit(2000).lean()).map(itemOf)

  return {
    list,
    async syncAll(): Promise<GroupItem[]> {
      await sync.all()
      return list()
    },
    /** The same robot again only renames it. */
    async addInternal({ name, webhook, tier }: { name: string; webhook: string; tier: Tier }): Promise<GroupItem> {
      checkWebhook(webhook)
      const key = seal.mark(webhook)
      const fresh = {
        _id: newId('group'),
        kind: 'internal' as const,
        chatId: null,
        owner: null,
        members: 0,
        outside: [],
        memberVersion: null,
      }
      const change = { name, tier, webhook: seal.seal(webhook), dismissed: false }
      const doc = await groups
        .findOneAndUpdate({ key }, { $set: change, $setOnInsert: fresh }, { upsert: true, returnDocument: 'after' })
        .lean()
      if (doc === null) throw notFound('group', name)
      return itemOf(doc)
    },
    /** Throws not_found. */
    async setTier(id: string, tier: Tier): Promise<GroupItem> {
      const doc = await groups.findOneAndUpdate({ _id: id }, { $set: { tier } }, { returnDocument: 'after' }).lean()
      if (doc === null) throw notFound('group', id)
      return itemOf(doc)
    },
    /** Reads one group again. */
    refresh: sync.one,
    push: push.push,
    pushes: push.pushes,
    /** For the outbox alone. */
    async webhookOf(id: string): Promise<string | null> {
      const doc = await groups.findOne({ _id: id, dismissed: false }, { webhook: 1 }).lean()
      return doc?.webhook ? seal.open(doc.webhook) : null
    },
    async robotGroupIds(ids: readonly string[]): Promise<string[]> {
      const found = await groups
        .find({ _id: { $in: [...ids] }, webhook: { $ne: null }, dismissed: false }, { _id: 1 })
        .lean()
      return found.map(({ _id }) => _id)
    },
    async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const found = await groups.find({ _id: { $in: [...ids] } }, { name: 1 }).lean()
      return new Map(found.map(({ _id, name }) => [_id, name]))
    },
    handlers: groupHandlers(sync),
    jobs: { 'groups.sync': async ({ chatId }: { chatId: string }) => void (await sync.one(chatId)) },
  }
}

export type Groups = ReturnType<typeof createGroups>
