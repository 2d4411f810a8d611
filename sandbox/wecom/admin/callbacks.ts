import type Router from 'koa-router'
import { EVENTS } from '../callback/catalog/catalog.ts'
import { fillSample, overrule } from '../callback/fill.ts'
import { found } from '../company/refusal.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { callbackEndpoints as endpoints } from './endpoints/callbacks.ts'

/** Sending events by hand, how they travel, and what became of each. */
export function callbackRoutes(router: Router, world: World): void {
  const { callbacks } = world
  bind(router, endpoints.list, ({ query }) => callbacks.query(query.since))
  bind(router, endpoints.emit, ({ body: { event, fields, full, how } }) => {
    if (event === undefined) return callbacks.emit(overrule(world, {}, fields), how)
    const sample = found(EVENTS[event], `event ${event}`)
    const filled = fillSample(world, sample, fields, full)
    return sample.to === 'app' ? callbacks.emit(filled, how) : callbacks.emitToBot(filled, how)
  })
  bind(router, endpoints.catalog, () =>
    Object.entries(EVENTS).map(([event, { fields, optional }]) => ({
      event,
      fields: Object.keys(fields),
      optional: Object.keys(optional),
    })),
  )
  bind(router, endpoints.mode, () => callbacks.mode())
  bind(router, endpoints.setMode, ({ body }) => {
    callbacks.setMode(body)
    return callbacks.mode()
  })
  bind(router, endpoints.release, ({ body }) => callbacks.release(body.order))
  bind(router, endpoints.idle, () => ({ pendingCallbacks: callbacks.pending() }))
}
