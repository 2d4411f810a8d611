import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BRIDGE_JS, BRIDGE_PATH } from './bridge.ts'
import { createJars, type Jar } from './webview-cookies.ts'
import { frameable, inject, nonceOf } from './webview-html.ts'

/** Headers that belong to one connection and are not passed on. */
const HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']

/**
 * Plays the WeCom client's webview: shows everything of the product at `upstream`, and puts the client's bridge into pages that
 * are opened in the chat page's iframe. Each member's webview has cookies of its own, apart from those of the browser's tabs.
 *
 * @param chatPage where the chat page is, which may frame the product's pages.
 * @param sidebarPath where the product's pages for the webview lie.
 */
export function createWebview(upstream: string, chatPage: () => URL, sidebarPath = '/sidebar/'): Server {
  const target = new URL(upstream)
  const jarOf = createJars(sidebarPath)
  return createServer((request, response) => {
    if (request.url === BRIDGE_PATH) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' })
      response.end(BRIDGE_JS)
      return
    }
    forward(target, request, response, chatPage(), jarOf(request.headers, request.url ?? '/'))
  })
}

/**
 * Whether the answer will be shown as a page inside the chat page. Browsers do not say so to addresses they do not trust (plain
 * HTTP on another machine); there every page gets the bridge, which does nothing outside a frame.
 */
function isFramed(headers: IncomingHttpHeaders): boolean {
  const destination = headers['sec-fetch-dest'] ?? 'iframe'
  return destination === 'iframe' && (headers.accept ?? '').includes('text/html')
}

function forward(target: URL, request: IncomingMessage, response: ServerResponse, chatPage: URL, jar: Jar): void {
  const framed = isFramed(request.headers)
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest
  const onward = send(
    {
      protocol: target.protocol,
      hostname: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      agent: false,
      headers: requestHeaders(target, request, framed, jar),
    },
    (answer) => relay(target, answer, request, response, framed, chatPage, jar),
  )
  onward.once('error', (error) => {
    if (response.headersSent) response.destroy()
    else downPage(response, target, error)
  })
  response.once('close', () => onward.destroy())
  request.pipe(onward)
}

function requestHeaders(
  target: URL,
  request: IncomingMessage,
  framed: boolean,
  jar: Jar,
): Record<string, string | string[]> {
  const headers = kept(request.headers)
  const cookie = jar.up(request.headers.cookie)
  delete headers['cookie']
  if (cookie !== undefined) headers['cookie'] = cookie
  const host = request.headers.host ?? ''
  const client = request.socket.remoteAddress ?? ''
  const before = request.headers['x-forwarded-for']
  headers['host'] = target.host
  headers['x-forwarded-host'] = host
  headers['x-forwarded-proto'] = 'http'
  headers['x-forwarded-for'] = before === undefined ? client : `${String(before)}, ${client}`
  if (framed) for (const name of ['accept-encoding', 'if-none-match', 'if-modified-since']) delete headers[name]
  return headers
}

/** Passes the answer on as it comes; a framed page is read whole, for the bridge goes into its head. */
function relay(
  target: URL,
  answer: IncomingMessage,
  request: IncomingMessage,
  response: ServerResponse,
  framed: boolean,
  chatPage: URL,
  jar: Jar,
): void {
  const headers = frameable(kept(answer.headers), chatPage.origin)
  const cookies = answer.headers['set-cookie']
  if (cookies !== undefined) headers['set-cookie'] = cookies.map((one) => jar.down(one))
  const location = headers['location']
  if (typeof location === 'string' && location.startsWith(target.origin)) {
    headers['location'] = `http://${request.headers.host ?? ''}${location.slice(target.origin.length)}`
  }
  const status = answer.statusCode ?? 502
  const html = (answer.headers['content-type'] ?? '').includes('text/html')
  answer.once('error', () => response.destroy())
  if (!framed || !html) {
    response.writeHead(status, headers)
    answer.pipe(response)
    return
  }
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.once('end', () => {
    const page = inject(Buffer.concat(chunks).toString('utf8'), nonceOf(headers))
    delete headers['etag']
    headers['content-length'] = String(Buffer.byteLength(page))
    headers['cache-control'] = 'no-store'
    headers['vary'] = 'sec-fetch-dest'
    response.writeHead(status, headers)
    response.end(page)
  })
}

/** A copy without the headers of the connection. */
function kept(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const copy: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !HOP.includes(name)) copy[name] = value
  return copy
}

function downPage(response: ServerResponse, target: URL, error: Error): void {
  response.writeHead(502, { 'content-type': 'text/html; charset=utf-8' })
  response.end(
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>502</title><body style="font:15px/1.7 sans-serif;padding:24px"><h3>产品没有响应</h3><p>${target.origin} 连接不上，请确认服务已启动，然后刷新。<br>The product at ${target.origin} does not answer; start it and reload this page.</p><p style="color:#888">${error.message}</p></body></html>`,
  )
}
