import type Router from 'koa-router'
import { z } from 'zod'
import { say, sayInGroup } from '../company/chat.ts'
import { befriend, createCustomer, deletedByCustomer, deletedByMember, editByHand, scan } from '../company/customers.ts'
import { confirm, createMass, taskOf } from '../company/mass.ts'
import { found, Refusal } from '../company/refusal.ts'
import type { ContactWayRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { Add, Customer, MarkTags, OwnMass, Pair, Remark, Say, Scan } from './contract.ts'
import { bodyAs, param } from './input.ts'
import { tasksOf } from './tasks.ts'

const NewCustomer = z.object({
  name: z.string().min(1),
  gender: Customer.shape.gender.optional(),
  unionid: z.string().optional(),
  avatar: z.string().optional(),
})

/** What customers and members do with each other. */
export function customerRoutes(router: Router, world: World): void {
  router.post('/customers', async (ctx) => {
    const { external_userid } = createCustomer(world, await bodyAs(ctx, NewCustomer))
    ctx.body = { external_userid }
  })
  router.post('/scan', async (ctx) => {
    const asked = await bodyAs(ctx, Scan)
    ctx.body = scan(world, wayOf(world, asked), asked.external_userid, asked.userid)
  })
  router.post('/add', async (ctx) => {
    const asked = await bodyAs(ctx, Add)
    ctx.body = { userid: asked.userid, welcome_code: befriend(world, asked) }
  })
  router.post('/delete-by-customer', async (ctx) => {
    const { userid, external_userid } = await bodyAs(ctx, Pair)
    deletedByCustomer(world, userid, external_userid)
    ctx.body = {}
  })
  router.post('/delete-by-member', async (ctx) => {
    const { userid, external_userid } = await bodyAs(ctx, Pair)
    deletedByMember(world, userid, external_userid)
    ctx.body = {}
  })
  router.post('/say', async (ctx) => {
    const { from, userid, external_userid, chat_id, ...line } = await bodyAs(ctx, Say)
    if (chat_id !== undefined)
      ctx.body = sayInGroup(world, chat_id, from === 'member' ? userid : (external_userid ?? userid), line)
    else if (external_userid !== undefined) ctx.body = say(world, from, userid, external_userid, line)
    else throw new Refusal('external_userid or chat_id is needed')
  })
  router.post('/remark', async (ctx) => {
    const { userid, external_userid, ...change } = await bodyAs(ctx, Remark)
    ctx.body = editByHand(world, userid, external_userid, change)
  })
  router.post('/tag', async (ctx) => {
    const { userid, external_userid, ...change } = await bodyAs(ctx, MarkTags)
    ctx.body = editByHand(world, userid, external_userid, change)
  })
  massRoutes(router, world)
}

/** 群发助手: the tasks, sending them, and a member's own mass messages. */
function massRoutes(router: Router, world: World): void {
  router.get('/tasks', (ctx) => {
    const userid = new URLSearchParams(ctx.querystring).get('userid') ?? undefined
    ctx.body = tasksOf(world, userid)
  })
  router.post('/tasks/:msgid/confirm', async (ctx) => {
    const { userid } = await bodyAs(ctx, z.object({ userid: z.string() }))
    const task = confirm(world, param(ctx, 'msgid'), userid)
    ctx.body = { msgid: task.msgid, userid, results: task.results }
  })
  router.post('/mass', async (ctx) => {
    const { userid, external_userids, text } = await bodyAs(ctx, OwnMass)
    found(world.store.members.get(userid), `member ${userid}`)
    const tasks = new Map([[userid, external_userids]])
    const mass = createMass(world, {
      chat_type: 'single',
      create_type: 1,
      creator: userid,
      text,
      attachments: [],
      allow_select: false,
      tasks,
    })
    confirm(world, mass.msgid, userid)
    ctx.body = { msgid: mass.msgid, results: taskOf(world, mass.msgid, userid)?.results ?? {} }
  })
}

/** The contact way by its id or, of several with one state, the newest. */
function wayOf(world: World, asked: { config_id?: string | undefined; state?: string | undefined }): ContactWayRow {
  if (asked.config_id !== undefined)
    return found(world.store.contactWays.get(asked.config_id), `contact way ${asked.config_id}`)
  const way = [...world.store.contactWays.values()].findLast((one) => one.state === asked.state)
  return found(way, `a contact way with state ${asked.state ?? '(none given)'}`)
}
