import { dirname, extname, join } from 'node:path'
import { createRequire } from 'node:module'
import { createReadStream } from 'node:fs'
import type Router from 'koa-router'
import { z } from 'zod'
import { openapiPaths } from '@zhiyin/shared/api/openapi'
import { admin } from './api.ts'
import { BASE } from './declare.ts'

/** What is not JSON. */
function produces(path: string): { produces?: string } {
  if (path === admin.watch.events.path) return { produces: 'text/event-stream' }
  return path === admin.media.file.path ? { produces: 'application/octet-stream' } : {}
}

/** The OpenAPI 3.1 description of the admin API, made from the endpoints' own schemas. */
export function adminOpenapi(url: string) {
  const { paths, schemas } = openapiPaths(admin, {
    error: z.object({ error: z.string() }),
    more: (endpoint) => produces(endpoint.path),
  })
  return {
    openapi: '3.1.0',
    info: {
      title: '企业微信沙盒 WeCom stand-in',
      version: '1',
      description:
        '替身自己的管理接口：人在客户端和管理后台里做的事、时钟、故障、账本。时间都是替身时钟的毫秒。The stand-in’s own API: what people do in clients and in the console, the clock, faults, the ledger. Times are epoch ms of its clock.',
    },
    servers: [{ url }],
    paths,
    components: { schemas },
  }
}

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>企业微信沙盒 API</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css"></head><body><div id="ui"></div><script src="docs/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({ url: '${BASE}/openapi.json', dom_id: '#ui', deepLinking: true })</script></body></html>`
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** A page that shows the description and tries it out: /sandbox/docs. */
export function docsRoutes(router: Router): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  router.get('/sandbox/docs', (ctx) => {
    ctx.type = 'html'
    ctx.body = PAGE
  })
  for (const name of ASSETS)
    router.get(`/sandbox/docs/${name}`, (ctx) => {
      ctx.type = extname(name)
      ctx.set('cache-control', 'max-age=86400')
      ctx.body = createReadStream(join(folder, name))
    })
}
