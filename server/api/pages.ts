import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type Koa from 'koa'
import mount from 'koa-mount'
import Router from 'koa-router'
import serve from 'koa-static'
import type { RequestState } from '../platform/http/context.ts'

const docsPage = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>知音 API</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>`
const docsScript = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null })`

const immutable = (name: string): string =>
  /-[\w-]{8,}\.(js|css|woff2)$/.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache'

/**
 * The two built apps (single pages: any path below answers index.html), the API description and its page. `describe` is called when
 * the description is first asked for: making it takes longer than the rest of a start.
 */
export const mountPages = (app: Koa<RequestState>, root: string, describe: () => Record<string, unknown>): void => {
  for (const name of ['sidebar', 'console']) {
    const dist = join(root, name, 'dist')
    if (!existsSync(dist)) continue
    const files = serve(dist, {
      setHeaders: (response, path) => void response.setHeader('cache-control', immutable(path)),
    })
    app.use(
      mount(`/${name}`, async (ctx, next) => {
        if (!/\.\w+$/.test(ctx.path)) ctx.path = '/index.html'
        await files(ctx, next)
      }),
    )
  }
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const router = new Router<RequestState>()
  let description: Record<string, unknown> | null = null
  router.get('/openapi.json', (ctx) => void (ctx.body = description ??= describe()))
  router.get('/docs', (ctx) => void Object.assign(ctx, { type: 'html', body: docsPage }))
  router.get('/docs/start.js', (ctx) => void Object.assign(ctx, { type: 'js', body: docsScript }))
  router.get('/', (ctx) => ctx.redirect('/console/'))
  app.use(router.routes())
  app.use(mount('/docs/assets', serve(assets, { index: false })))
}
