import type { Because } from '@zhiyin/shared/because'
import type { ContentBody } from '@zhiyin/shared/content'
import type { Tier } from '@zhiyin/shared/tier'
import { groupVarsOf, type Vars } from '../content/read.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Outbox, SendsRead, WantInput } from '../outbox/read.ts'
import { groupModel, pushModel, type GroupDoc, type PushDoc } from './groups.model.ts'

const giveUpMs = 3 * 86_400_000

export type PushResult = {
  groupId: string
  group: string
  tier: Tier
  intentId: string
  state: string
  delivery: string
  because: Because[]
  preview: string
}
export type PushItem = { id: string; contentId: string; content: string; at: Date; results: PushResult[] }

export type PushDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** The content's name; throws not_found. */
  contentName: (id: string) => Promise<string>
  render: (contentId: string, tier: Tier, vars: Vars) => Promise<ContentBody | null>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  wantMany: Outbox['wantMany']
  ofPushes: SendsRead['ofPushes']
}

/** One content to many groups, each in its tier's variant: by the owner's mass message, or by the robot. */
export const createPush = ({ mongo, clock, newId, contentName, render, names, wantMany, ofPushes }: PushDeps) => {
  const groups = groupModel(mongo.connection)
  const pushes = pushModel(mongo.connection)

  const intentOf = async (push: PushDoc, group: GroupDoc, rep: string): Promise<WantInput> => ({
    key: `push:${push._id}:${group._id}`,
    channel: group.kind === 'customer' ? 'group_mass' : 'robot',
    groupId: group._id,
    chatId: group.chatId,
    userid: group.owner,
    contentId: push.contentId,
    body: await render(push.contentId, group.tier, groupVarsOf(group, rep)),
    cause: { pushId: push._id },
    dueAt: push.at,
    expiresAt: new Date(push.at.getTime() + giveUpMs),
  })

  const itemsOf = async (list: readonly PushDoc[]): Promise<PushItem[]> => {
    const sends = await ofPushes(list.map(({ _id }) => _id))
    const byGroup = new Map(sends.map((send) => [`${send.cause.pushId}:${send.groupId}`, send]))
    return list.map((push) => ({
      id: push._id,
      contentId: push.contentId,
      content: push.content,
      at: push.at,
      results: push.groups.flatMap(({ id, name, tier }) => {
        const send = byGroup.get(`${push._id}:${id}`)
        if (send === undefined) return []
        const { state, delivery, because, body } = send
        return [
          {
            groupId: id,
            group: name,
            tier,
            intentId: send.id,
            state,
            delivery,
            because,
            preview: (body?.text ?? '').slice(0, 80),
          },
        ]
      }),
    }))
  }

  const keep = async (key: string, contentId: string, groupIds: readonly string[], at: Date): Promise<PushDoc> => {
    const had = await pushes.findOne({ key }).lean()
    if (had !== null) return had
    const content = await contentName(contentId)
    const found = await groups.find({ _id: { $in: [...groupIds] }, dismissed: false }).lean()
    const missing = groupIds.find((id) => !found.some(({ _id }) => _id === id))
    if (missing !== undefined) throw notFound('group', missing)
    const named = found.map(({ _id, name, tier }) => ({ id: _id, name, tier }))
    const doc = { _id: newId('push'), contentId, content, at, groups: named }
    const stored = await pushes
      .findOneAndUpdate({ key }, { $setOnInsert: doc }, { upsert: true, returnDocument: 'after' })
      .lean()
    return stored ?? { ...doc, key }
  }

  return {
    /** Idempotent by key: a repeated call answers the same push. Throws not_found for an unknown content or group. */
    async push(ask: { key: string; contentId: string; groupIds: readonly string[] }): Promise<PushItem> {
      const kept = await keep(ask.key, ask.contentId, [...new Set(ask.groupIds)], clock.date())
      const found = await groups.find({ _id: { $in: kept.groups.map(({ id }) => id) } }).lean()
      const owners = await names(found.flatMap(({ owner }) => owner ?? []))
      await wantMany(
        await Promise.all(found.map((group) => intentOf(kept, group, owners.get(group.owner ?? '') ?? ''))),
      )
      const [item] = await itemsOf([kept])
      if (item === undefined) throw notFound('push', kept._id)
      return item
    },
    pushes: async (): Promise<PushItem[]> => itemsOf(await pushes.find().sort({ _id: -1 }).limit(100).lean()),
  }
}

export type Push = ReturnType<typeof createPush>
