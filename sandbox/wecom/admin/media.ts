import type Router from 'koa-router'
import { Refusal } from '../company/refusal.ts'
import { opaque } from '../ids.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { mediaEndpoints } from './endpoints/media.ts'

/** Pictures have 10 MB at most. */
const MAX = 10 * 1024 * 1024

/** Pictures from members' devices, and any file as the people in a chat see it. */
export function mediaRoutes(router: Router, world: World): void {
  bind(router, mediaEndpoints.upload, ({ body: { filename, mime, base64 } }) => {
    if (Buffer.byteLength(base64, 'base64') > MAX) throw new Refusal('the picture is larger than 10 MB', 413)
    const media_id = `3${opaque(63)}`
    const at = world.clock.now()
    world.store.media.set(media_id, { media_id, type: 'image', filename, mime, at, permanent: false, base64 })
    return { media_id }
  })
  router.get(mediaEndpoints.file.path, (ctx) => {
    const file = world.store.media.get(ctx.params['media_id'] ?? '')
    if (!file) return
    ctx.set('content-disposition', `inline; filename*=UTF-8''${encodeURIComponent(file.filename)}`)
    // Whatever somebody uploaded runs as nothing here.
    ctx.set('content-security-policy', "sandbox; default-src 'none'")
    ctx.set('x-content-type-options', 'nosniff')
    ctx.type = file.mime || 'application/octet-stream'
    ctx.body = Buffer.from(file.base64, 'base64')
  })
}
