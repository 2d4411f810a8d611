import { createHash } from 'node:crypto'
import type Router from 'koa-router'
import { escapeHtml } from './oauth/picker.ts'
import type { World } from './world.ts'

const COLORS = ['#3370ff', '#14a37f', '#e8833a', '#8b5cf6', '#d4508f', '#0891b2', '#65850f', '#b45309']

/** A square with the last characters of a name. */
function avatar(seed: string, name: string): string {
  const color = COLORS[(createHash('md5').update(seed).digest()[0] ?? 0) % COLORS.length] ?? '#3370ff'
  const label = escapeHtml(Array.from(name).slice(-2).join(''))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80"><rect width="80" height="80" fill="${color}"/><text x="40" y="50" font-family="sans-serif" font-size="28" fill="#fff" text-anchor="middle">${label}</text></svg>`
}

/** Something that looks like a QR code, different for each text; scanning happens in the chat page. */
function qr(text: string): string {
  const bits = createHash('sha512').update(text).digest()
  const size = 25
  let cells = ''
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) if (dark(bits, x, y, size)) cells += `M${x} ${y}h1v1h-1z`
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-3 -3 31 31" shape-rendering="crispEdges"><rect x="-3" y="-3" width="31" height="31" fill="#fff"/><path d="${cells}"/></svg>`
}

/** The three eyes, and a pattern from the hash between them. */
function dark(bits: Buffer, x: number, y: number, size: number): boolean {
  for (const [left, top] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    const dx = x - left
    const dy = y - top
    if (dx < -1 || dy < -1 || dx > 7 || dy > 7) continue
    const ring = Math.max(Math.abs(dx - 3), Math.abs(dy - 3))
    return ring === 3 || ring <= 1
  }
  const n = y * size + x
  return ((bits[n % 64] ?? 0) >> ((n >> 6) % 8)) % 2 === 1
}

/** Avatars and QR codes drawn on the spot, and the files of media/uploadimg. */
export function pictureRoutes(router: Router, world: World): void {
  router.get('/avatar/:name', (ctx) => {
    const id = String(ctx.params['name']).replace(/\.svg$/, '')
    const name = world.store.members.get(id)?.name ?? world.store.customers.get(id)?.name ?? id
    ctx.set('cache-control', 'max-age=600')
    ctx.type = 'image/svg+xml'
    ctx.body = avatar(id, name)
  })
  router.get('/qr/:name', (ctx) => {
    ctx.type = 'image/svg+xml'
    ctx.body = qr(String(ctx.params['name']))
  })
  router.get('/media/:id', (ctx) => {
    const file = world.store.media.get(String(ctx.params['id']))
    if (!file?.permanent) return
    ctx.type = file.mime
    ctx.body = Buffer.from(file.base64, 'base64')
  })
}
