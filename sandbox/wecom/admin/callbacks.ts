import type Router from 'koa-router'
import { issueWelcomeCode } from '../company/customers.ts'
import type { World } from '../world.ts'
import { CallbackMode, CallbackRelease, EmitCallback } from './contract.ts'
import { bodyAs } from './input.ts'

/** Sending events by hand, how they travel, and what became of each. */
export function callbackRoutes(router: Router, world: World): void {
  router.get('/callbacks', (ctx) => {
    ctx.body = world.callbacks.query(new URLSearchParams(ctx.querystring).get('since') ?? undefined)
  })
  router.post('/callbacks', async (ctx) => {
    const { fields, how } = await bodyAs(ctx, EmitCallback)
    const { UserID, ExternalUserID, WelcomeCode } = fields
    if (WelcomeCode === 'new' && typeof UserID === 'string' && typeof ExternalUserID === 'string') {
      fields['WelcomeCode'] = issueWelcomeCode(world, UserID, ExternalUserID)
    }
    ctx.body = world.callbacks.emit(fields, how)
  })
  router.get('/callbacks/mode', (ctx) => {
    ctx.body = world.callbacks.mode()
  })
  router.put('/callbacks/mode', async (ctx) => {
    world.callbacks.setMode(await bodyAs(ctx, CallbackMode))
    ctx.body = world.callbacks.mode()
  })
  router.post('/callbacks/release', async (ctx) => {
    const { order } = await bodyAs(ctx, CallbackRelease)
    ctx.body = await world.callbacks.release(order)
  })
  router.get('/idle', (ctx) => {
    ctx.body = { pendingCallbacks: world.callbacks.pending() }
  })
}
