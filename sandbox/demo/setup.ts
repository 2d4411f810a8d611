import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { contents } from './company/contents.ts'
import { rulesOf } from './company/rules.ts'
import { channelNames, customerGroups, internalGroup, manager, reps, tagGroups } from './company/team.ts'
import type { Company } from './book.ts'
import { connectRules } from './setup-rules.ts'
import type { Product } from './product.ts'
import type { Settle } from './settle.ts'
import { Nothing, type Wecom } from './wecom.ts'

type Deps = { wecom: Wecom; product: Product; settle: Settle }

const hiring = async ({ wecom, product, settle }: Deps): Promise<void> => {
  await wecom.act('members', { ...manager, leader: true }, Nothing)
  for (const rep of reps) await wecom.act('members', rep, Nothing)
  await settle()
  await product.call(api.members.sync)
  // Somebody must see everything, the queue board too.
  await product.call(api.members.setRole, { params: { id: manager.userid }, body: { role: 'admin' } })
}

const makeTags = async ({ product: { call } }: Deps): Promise<Company['tags']> => {
  const { items } = await call(api.tags.list)
  const ids = new Map(items.map((tag) => [tag.name, tag.id]))
  for (const [group, names] of Object.entries(tagGroups))
    for (const name of names)
      if (!ids.has(name)) ids.set(name, (await call(api.tags.create, { body: { name, group } })).id)
  return Object.fromEntries(ids)
}

const makeChannels = async ({ product: { call } }: Deps, tags: Company['tags']): Promise<Company['channels']> => {
  const { items } = await call(api.channels.list)
  const made: Company['channels'] = {}
  for (const name of channelNames) {
    const tagIds = [tags[name]].filter((id) => id !== undefined)
    const body = { name, userids: reps.map(({ userid }) => userid), tagIds }
    const { id, state } = items.find((channel) => channel.name === name) ?? (await call(api.channels.create, { body }))
    made[name] = { id, state }
  }
  return made
}

const makeContents = async ({ product: { call } }: Deps): Promise<Company['contents']> => {
  const { items } = await call(api.contents.list)
  const made: Company['contents'] = {}
  for (const [key, body] of Object.entries(contents))
    made[key] = (items.find(({ name }) => name === body.name) ?? (await call(api.contents.create, { body }))).id
  return made
}

const makeGroups = async ({ wecom, product: { call }, settle }: Deps): Promise<Company['groups']> => {
  const before = (await wecom.state()).groups
  const chatIds = new Map(before.map(({ name, chat_id }) => [name, chat_id]))
  for (const { name, owner, helper } of customerGroups) {
    if (chatIds.has(name)) continue
    const { chat_id } = await wecom.act('groups', { name, owner, kind: 'customer' }, z.object({ chat_id: z.string() }))
    await wecom.act(`groups/${chat_id}/join`, { id: helper }, Nothing)
    chatIds.set(name, chat_id)
  }
  if (!chatIds.has(internalGroup.name)) {
    const { name, owner, robot, tier } = internalGroup
    const { chat_id } = await wecom.act('groups', { name, owner, kind: 'internal' }, z.object({ chat_id: z.string() }))
    for (const { userid } of reps) await wecom.act(`groups/${chat_id}/join`, { id: userid }, Nothing)
    const { webhook } = await wecom.act(`groups/${chat_id}/robots`, { name: robot }, z.object({ webhook: z.string() }))
    await call(api.groups.addInternal, { body: { name, webhook, tier } })
  }
  await settle()
  const { items } = await call(api.groups.sync)
  for (const { name, tier } of customerGroups) {
    const group = items.find((one) => one.chatId === chatIds.get(name))
    if (group !== undefined) await call(api.groups.setTier, { params: { id: group.id }, body: { tier } })
  }
  return customerGroups.map(({ name, owner, tier }) => ({ name, owner, tier, chatId: chatIds.get(name) ?? '' }))
}

/** Makes the company as it stood on its first morning. What is there already is kept, so that it may be called again. */
export const setUp = async (deps: Deps): Promise<Company> => {
  const { call } = deps.product
  await hiring(deps)
  const tags = await makeTags(deps)
  const channels = await makeChannels(deps, tags)
  const made = await makeContents(deps)
  const groups = await makeGroups(deps)
  const { stages } = await call(api.settings.get)
  // Skin care is used up at a steady pace: who is half a cycle late is worth a word.
  await call(api.settings.update, { body: { stages: { ...stages, rhythmFactor: 1.6 } } })
  const id = (key: string): string => made[key] ?? ''
  const rules = await connectRules(deps.product).write(
    rulesOf({
      contents: { welcome: id('welcome'), recall: id('recall'), coupon: id('coupon'), lost: id('lost') },
      tags: { recalling: tags['召回过'] ?? '', winning: tags['流失挽回'] ?? '' },
      channels: Object.values(channels).map((channel) => channel.id),
    }),
  )
  await deps.settle()
  return { tags, channels, contents: made, rules, groups }
}
