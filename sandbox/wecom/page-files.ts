import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, resolve, sep } from 'node:path'
import type { Context, Next } from 'koa'

const NO_PAGE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>企业微信沙盒</title><body style="font:16px/1.6 sans-serif;max-width:640px;margin:10vh auto">
<h1>企业微信沙盒 WeCom stand-in</h1><p>正在运行；聊天页面没有启用（启动时用 --page 指定）。<br>Running; no chat page was given (--page DIR).</p>
<p><a href="/sandbox/api/state">/sandbox/api/state</a> · <a href="/sandbox/api/ledger">/sandbox/api/ledger</a> · <a href="/sandbox/api/callbacks">/sandbox/api/callbacks</a></p></body></html>`

/** Serves the built chat page from a folder; other paths of it lead to index.html. */
export function pageFiles(dir: string | null) {
  const root = dir === null ? null : resolve(dir)
  return async (ctx: Context, next: Next): Promise<void> => {
    if ((ctx.method !== 'GET' && ctx.method !== 'HEAD') || ctx.status !== 404 || isApi(ctx.path)) return next()
    if (root === null) {
      if (ctx.path !== '/') return next()
      ctx.type = 'html'
      ctx.body = NO_PAGE
      return
    }
    const file = (await fileAt(root, ctx.path)) ?? (extname(ctx.path) === '' ? await fileAt(root, '/index.html') : null)
    if (file === null) return next()
    ctx.type = extname(file.path)
    ctx.length = file.size
    ctx.set('cache-control', ctx.path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache')
    ctx.body = createReadStream(file.path)
  }
}

function isApi(path: string): boolean {
  return path.startsWith('/sandbox/api') || path.startsWith('/cgi-bin')
}

/** The file a path names inside the folder, null when there is none or it would lead outside. */
async function fileAt(root: string, urlPath: string): Promise<{ path: string; size: number } | null> {
  const path = resolve(root, `.${decode(urlPath.endsWith('/') ? `${urlPath}index.html` : urlPath)}`)
  if (!path.startsWith(root + sep)) return null
  const info = await stat(path).catch(() => null)
  return info?.isFile() ? { path, size: info.size } : null
}

function decode(path: string): string {
  return /%(?![0-9a-f]{2})/i.test(path) || path.includes('%00') ? '/' : decodeURIComponent(path)
}
