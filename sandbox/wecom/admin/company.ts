import type Router from 'koa-router'
import { z } from 'zod'
import { revokeTokens } from '../api/token.ts'
import { verify } from '../callback/transport.ts'
import { ensureDepartment, leaveCompany, saveMember } from '../company/members.ts'
import { found, Refusal } from '../company/refusal.ts'
import { createTag, createTagGroup, deleteTag, deleteTagGroup, groupNamed, tagsOf } from '../company/tags.ts'
import { verifyJsapi } from '../oauth/tickets.ts'
import { setUser } from '../oauth/routes.ts'
import type { World } from '../world.ts'
import { AppSettings, JsapiVerify, Member } from './contract.ts'
import { bodyAs, param } from './input.ts'
import { stateOf } from './state.ts'

const MemberBody = Member.partial().extend({
  userid: z.string().min(1).max(64),
  gender: z.int().min(0).max(2).optional(),
})
const Department = z.object({
  id: z.int().min(1).optional(),
  name: z.string().optional(),
  parentid: z.int().min(1).default(1),
})
const ConsoleTags = z.object({ group: z.string().min(1).max(30), names: z.array(z.string().min(1).max(30)).min(1) })

/** The company: members, departments, the app's settings, tags made in the console. */
export function companyRoutes(router: Router, world: World): void {
  router.get('/state', (ctx) => {
    ctx.body = stateOf(world)
  })
  router.post('/reset', (ctx) => {
    world.reset()
    ctx.body = {}
  })
  router.post('/members', async (ctx) => {
    ctx.body = saveMember(world, await bodyAs(ctx, MemberBody))
  })
  router.post('/members/:userid/leave', (ctx) => {
    leaveCompany(world, param(ctx, 'userid'))
    ctx.body = {}
  })
  router.post('/departments', async (ctx) => {
    const { id, name, parentid } = await bodyAs(ctx, Department)
    ctx.body = ensureDepartment(world, id ?? world.store.departments.size + 1, name, parentid)
  })
  router.post('/login', async (ctx) => {
    const { userid } = await bodyAs(ctx, z.object({ userid: z.string() }))
    found(world.store.members.get(userid), `member ${userid}`)
    setUser(ctx, userid)
    ctx.body = {}
  })
  router.put('/app', async (ctx) => {
    const settings = await bodyAs(ctx, AppSettings)
    const problem = await verify(
      settings.callbackUrl,
      world.options,
      world.clock.seconds(),
      world.options.verifyTimeoutMs,
    )
    if (problem !== null)
      throw new Refusal(`the callback URL ${settings.callbackUrl} did not pass verification: ${problem}`)
    world.store.settings.set('app', settings)
    ctx.body = settings
  })
  router.post('/tokens/revoke', (ctx) => {
    revokeTokens(world)
    ctx.body = {}
  })
  router.post('/jsapi/verify', async (ctx) => {
    ctx.body = verifyJsapi(world, await bodyAs(ctx, JsapiVerify))
  })
  consoleTagRoutes(router, world)
}

/** Tags changed by an admin in WeCom's console: these fire, unlike those of the API. */
function consoleTagRoutes(router: Router, world: World): void {
  const fire = (ChangeType: string, Id: string, TagType: string): void =>
    void world.callbacks.emit({ Event: 'change_external_tag', Id, TagType, ChangeType })
  router.post('/console/tags', async (ctx) => {
    const { group: name, names } = await bodyAs(ctx, ConsoleTags)
    const old = groupNamed(world, name)
    const group = old ?? createTagGroup(world, name, 0)
    const taken = new Set(tagsOf(world, group.id).map((tag) => tag.name))
    const tags = names.filter((one) => !taken.has(one)).map((one) => createTag(world, group.id, one, 0))
    if (!old) fire('create', group.id, 'tag_group')
    for (const tag of tags) fire('create', tag.id, 'tag')
    ctx.body = {
      group_id: group.id,
      tags: tagsOf(world, group.id).map(({ id, name: tagName }) => ({ id, name: tagName })),
    }
  })
  router.post('/console/tags/delete', async (ctx) => {
    const { id } = await bodyAs(ctx, z.object({ id: z.string() }))
    const tag = world.store.tags.get(id)
    const group = world.store.tagGroups.get(id)
    if (tag) deleteTag(world, tag)
    else deleteTagGroup(world, found(group, `tag or group ${id}`))
    fire('delete', id, tag ? 'tag' : 'tag_group')
    ctx.body = {}
  })
}
