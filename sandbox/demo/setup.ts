import type { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { ContentInput } from '@zhiyin/shared/content'
import { admin } from '../wecom/admin/api.ts'
import { internalGroup, manager, staffOf, tagGroups, type Staff, type Team } from '../population/team.ts'
import { defineAttributes } from './attributes.ts'
import { contentsOf, type ContentKey } from './contents/index.ts'
import { makeCoupons } from './coupons.ts'
import { rulesOf } from './rules.ts'
import type { Company } from './book.ts'
import { connectRules } from './setup-rules.ts'
import { makeTalkTracks } from './talk-tracks.ts'
import type { Product } from './product.ts'
import type { Settle } from './settle.ts'
import type { Wecom } from './wecom.ts'

type Deps = { wecom: Wecom; product: Product; settle: Settle }

/** Ids of the teams' departments begin here; the first team is in the root, as in a small company. */
const firstDepartment = 1000

const hire = async ({ wecom }: Deps, team: Team, nth: number): Promise<void> => {
  const id = nth === 0 ? 1 : firstDepartment + nth
  if (nth > 0) await wecom.call(admin.company.saveDepartment, { body: { id, name: team.department } })
  for (const rep of team.reps) await wecom.call(admin.company.saveMember, { body: { ...rep, department: [id] } })
}

const makeTags = async ({ product: { call } }: Deps): Promise<Company['tags']> => {
  const { items } = await call(api.tags.list)
  const ids = new Map(items.map((tag) => [tag.name, tag.id]))
  for (const [group, names] of Object.entries(tagGroups))
    for (const name of names)
      if (!ids.has(name)) ids.set(name, (await call(api.tags.create, { body: { name, group } })).id)
  return Object.fromEntries(ids)
}

const makeChannels = async (
  { product: { call } }: Deps,
  teams: readonly Team[],
  tags: Company['tags'],
): Promise<Company['channels']> => {
  const { items } = await call(api.channels.list)
  const made: Company['channels'] = {}
  for (const { channels, reps } of teams)
    for (const name of channels) {
      const tagIds = [tags[name]].filter((id) => id !== undefined)
      const body = { name, userids: reps.map(({ userid }) => userid), tagIds }
      const { id, state } =
        items.find((channel) => channel.name === name) ?? (await call(api.channels.create, { body }))
      made[name] = { id, state }
    }
  return made
}

const makeContents = async ({ product }: Deps): Promise<Record<ContentKey, string>> => {
  const { call } = product
  const { items } = await call(api.contents.list)
  const make = async (body: z.input<typeof ContentInput>): Promise<string> =>
    (items.find(({ name }) => name === body.name) ?? (await call(api.contents.create, { body }))).id
  const all = contentsOf(await makeCoupons(product))
  return {
    welcome: await make(all.welcome),
    birthday: await make(all.birthday),
    recall: await make(all.recall),
    coupon: await make(all.coupon),
    coupon_story: await make(all.coupon_story),
    lost: await make(all.lost),
    weekend: await make(all.weekend),
    lesson: await make(all.lesson),
    salon: await make(all.salon),
    benefit: await make(all.benefit),
    briefing: await make(all.briefing),
  }
}

/** The managers' own group, with a robot the product writes through. */
const makeInternalGroup = async ({ wecom, product: { call } }: Deps, team: Team): Promise<void> => {
  const { name, owner, robot, tier } = internalGroup
  const { chat_id } = await wecom.call(admin.groups.create, { body: { name, owner, kind: 'internal' } })
  for (const { userid } of team.reps) await wecom.call(admin.groups.join, { params: { chat_id }, body: { id: userid } })
  const { webhook } = await wecom.call(admin.groups.addRobot, { params: { chat_id }, body: { name: robot } })
  await call(api.groups.addInternal, { body: { name, webhook, tier } })
}

const makeGroups = async (deps: Deps, teams: readonly Team[]): Promise<Company['groups']> => {
  const { wecom, product, settle } = deps
  const before = (await wecom.call(admin.company.state)).groups
  const chatIds = new Map(before.map(({ name, chat_id }) => [name, chat_id]))
  for (const { name, owner, helper } of teams.flatMap(({ groups }) => groups)) {
    if (chatIds.has(name)) continue
    const { chat_id } = await wecom.call(admin.groups.create, { body: { name, owner, kind: 'customer' } })
    await wecom.call(admin.groups.join, { params: { chat_id }, body: { id: helper } })
    chatIds.set(name, chat_id)
  }
  const [house] = teams
  if (house !== undefined && !chatIds.has(internalGroup.name)) await makeInternalGroup(deps, house)
  await settle()
  const { items } = await product.call(api.groups.sync)
  // A benefit group is spoken to as one, whoever is in it; the others follow their members.
  for (const { name, tier } of teams.flatMap(({ groups }) => groups)) {
    const group = items.find((one) => one.chatId === chatIds.get(name))
    if (tier === 'C' && group !== undefined)
      await product.call(api.groups.setTier, { params: { id: group.id }, body: { tier } })
  }
  return Object.fromEntries(chatIds)
}

/** Hires the teams and gives them their channels and groups. What is there already is kept. */
const makeTeams = async (deps: Deps, { teams }: Staff, tags: Company['tags']) => {
  for (const [nth, team] of teams.entries()) await hire(deps, team, nth)
  await deps.settle()
  await deps.product.call(api.members.sync)
  return { channels: await makeChannels(deps, teams, tags), groups: await makeGroups(deps, teams) }
}

/** A company that is there grows to `staff`. */
export const grow = async (deps: Deps, staff: Staff, company: Company): Promise<Company> => ({
  ...company,
  ...(await makeTeams(deps, staff, company.tags)),
})

/** Makes the company as it stood on its first morning. What is there already is kept, so that it may be called again. */
export const setUp = async (deps: Deps): Promise<Company> => {
  const { call } = deps.product
  await deps.wecom.call(admin.company.saveMember, { body: { ...manager, leader: true } })
  const tags = await makeTags(deps)
  await defineAttributes(deps.product)
  const { channels, groups } = await makeTeams(deps, staffOf(0), tags)
  // Somebody must see everything, the queue board too.
  await call(api.members.setRole, { params: { id: manager.userid }, body: { role: 'admin' } })
  const made = await makeContents(deps)
  await makeTalkTracks(deps.product)
  const { stages } = await call(api.settings.get)
  // Skin care is used up at a steady pace: who is half a cycle late is worth a word.
  await call(api.settings.update, { body: { stages: { ...stages, rhythmFactor: 1.6 } } })
  const rules = await connectRules(deps.product).write(
    rulesOf({
      contents: made,
      tags: { recalling: tags['召回过'] ?? '', winning: tags['流失挽回'] ?? '' },
      channels: Object.values(channels).map((channel) => channel.id),
    }),
  )
  await deps.settle()
  return { tags, channels, contents: made, rules, groups }
}
