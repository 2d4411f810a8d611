import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa, { type Context, type Next } from 'koa'
import Router from 'koa-router'
import { adminRouter } from './admin/routes.ts'
import { dispatch } from './api/dispatch.ts'
import { Refusal } from './company/refusal.ts'
import { oauthRoutes } from './oauth/routes.ts'
import { WecomOptions, type WecomOptionsInput } from './options.ts'
import { pageFiles } from './page-files.ts'
import { pictureRoutes } from './pictures.ts'
import { createWebview } from './webview.ts'
import { createWorld, type World } from './world.ts'

/** A running stand-in. */
export interface Wecom {
  port: number
  /** null when the webview proxy is off. */
  webviewPort: number | null
  url: string
  close(): Promise<void>
}

/** Starts the platform's stand-in and answers when it listens; throws when a port is taken or the data folder can not be used. */
export async function startWecom(input: WecomOptionsInput = {}): Promise<Wecom> {
  const options = WecomOptions.parse(input)
  const world = createWorld(options)
  const servers: Server[] = []
  try {
    const handle = application(world).callback()
    const main = createServer((request, response) => void handle(request, response))
    servers.push(main)
    const port = await listen(main, options.port, options.host)
    world.addresses.url = `http://${options.host}:${port}`

    let webviewPort: number | null = null
    if (options.webviewPort !== null) {
      const webview = createWebview(options.upstream, () => new URL(world.addresses.url))
      servers.push(webview)
      webviewPort = await listen(webview, options.webviewPort, options.host)
      world.addresses.webviewUrl = `http://${options.host}:${webviewPort}`
    }
    return { port, webviewPort, url: world.addresses.url, close: () => close(servers, world) }
  } catch (error) {
    await close(servers, world)
    throw error
  }
}

/** A caller who went away while being answered is no fault of ours. */
const HUNG_UP = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']

/** The HTTP surface: the platform's API, its OAuth pages, the admin API, and the chat page. */
function application(world: World): Koa {
  const router = new Router()
  oauthRoutes(router, world)
  pictureRoutes(router, world)
  const app = new Koa()
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (!HUNG_UP.includes(error.code ?? '')) process.stderr.write(`${error.stack ?? error.message}\n`)
  })
  app.use(refusals)
  app.use(dispatch(world))
  app.use(router.routes())
  app.use(adminRouter(world).routes())
  app.use(pageFiles(world.options.page))
  return app
}

/** What people can not do is answered { error } with its status. */
async function refusals(ctx: Context, next: Next): Promise<void> {
  try {
    await next()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    ctx.status = error.status
    ctx.body = { error: error.message }
  }
}

/** Longer than any client keeps an idle connection: a reset of ours would look like a fault nobody asked for. */
const KEEP_ALIVE_MS = 120_000

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.keepAliveTimeout = KEEP_ALIVE_MS
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve(portOf(server.address()))
    })
  })
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

async function close(servers: Server[], world: World): Promise<void> {
  const ended = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  await world.close()
  await Promise.all(ended)
}
