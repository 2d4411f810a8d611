import type Router from 'koa-router'
import { z } from 'zod'
import { addRobot, changeGroup, createGroup, dismiss, join, leave, removeRobot } from '../company/groups.ts'
import type { World } from '../world.ts'
import { bodyAs, param } from './input.ts'

const NewGroup = z.object({
  name: z.string(),
  owner: z.string(),
  kind: z.enum(['customer', 'internal']).default('customer'),
})
const Join = z.object({ id: z.string(), scene: z.int().min(0).max(3).optional(), state: z.string().optional() })
const Leave = z.object({ id: z.string(), scene: z.int().min(0).max(1).optional() })
const Change = z.object({ name: z.string().optional(), notice: z.string().optional(), owner: z.string().optional() })

/** Groups of customers and of colleagues. */
export function groupRoutes(router: Router, world: World): void {
  router.post('/groups', async (ctx) => {
    const { chat_id } = createGroup(world, await bodyAs(ctx, NewGroup))
    ctx.body = { chat_id }
  })
  router.post('/groups/:chat_id/join', async (ctx) => {
    const { id, scene, state } = await bodyAs(ctx, Join)
    ctx.body = join(world, param(ctx, 'chat_id'), id, scene, state)
  })
  router.post('/groups/:chat_id/leave', async (ctx) => {
    const { id, scene } = await bodyAs(ctx, Leave)
    ctx.body = leave(world, param(ctx, 'chat_id'), id, scene)
  })
  router.post('/groups/:chat_id/change', async (ctx) => {
    ctx.body = changeGroup(world, param(ctx, 'chat_id'), await bodyAs(ctx, Change))
  })
  router.post('/groups/:chat_id/dismiss', (ctx) => {
    dismiss(world, param(ctx, 'chat_id'))
    ctx.body = {}
  })
  router.post('/groups/:chat_id/robots', async (ctx) => {
    const { name } = await bodyAs(ctx, z.object({ name: z.string().min(1) }))
    const key = addRobot(world, param(ctx, 'chat_id'), name)
    ctx.body = { key, webhook: `${world.addresses.url}/cgi-bin/webhook/send?key=${key}` }
  })
  router.post('/groups/:chat_id/robots/delete', async (ctx) => {
    const { key } = await bodyAs(ctx, z.object({ key: z.string() }))
    removeRobot(world, param(ctx, 'chat_id'), key)
    ctx.body = {}
  })
}
