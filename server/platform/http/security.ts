import type { Middleware } from 'koa'
import { AppError } from '../errors.ts'

const policy = [
  "default-src 'self'",
  "img-src 'self' data: https: http:",
  "style-src 'self' 'unsafe-inline'",
  "frame-src 'self' https://login.work.weixin.qq.com",
  "object-src 'none'",
  "base-uri 'self'",
].join('; ')

/** Headers every answer carries. */
export const securityHeaders: Middleware = async (ctx, next) => {
  ctx.set({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'content-security-policy': `${policy}; frame-ancestors 'self'`,
  })
  await next()
}

/** A browser's write must come from our own pages: another site's form or script cannot use a member's cookie. */
export const sameOrigin = (method: string, origin: string, ownHosts: readonly string[]): void => {
  if (method === 'GET' || method === 'HEAD' || origin === '') return
  const host = URL.canParse(origin) ? new URL(origin).host : ''
  if (!ownHosts.includes(host)) throw new AppError('policy.forbidden', { status: 403, params: { role: origin } })
}
