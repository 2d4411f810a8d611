import type Router from 'koa-router'
import type { Context } from 'koa'
import { z } from 'zod'
import { activeMembers } from '../company/members.ts'
import type { World } from '../world.ts'
import { issueCode } from './codes.ts'
import { errorPage, pickerPage } from './picker.ts'
import { panelDone, panelFailed, panelReady } from './panel.ts'
import { isTrusted } from './trusted.ts'

/** Names the member this browser is signed in as. */
const USER_COOKIE = 'wecom_sandbox_user'

const Query = z.object({
  appid: z.string().default(''),
  agentid: z.string().optional(),
  redirect_uri: z.string().default(''),
  scope: z.string().default('snsapi_base'),
  state: z.string().max(128).default(''),
  login_type: z.string().optional(),
  /** Sent by the JS-SDK's login panel, whose iframe this page then is. */
  version: z.string().optional(),
  redirect_type: z.enum(['callback', 'top', 'self']).default('top'),
  /** Who was chosen on the page. */
  sandbox_user: z.string().optional(),
})
type Query = z.output<typeof Query>

/** The pages of open.weixin.qq.com (in the client) and login.work.weixin.qq.com (QR login on a desktop). */
export function oauthRoutes(router: Router, world: World): void {
  router.get('/connect/oauth2/authorize', (ctx) => authorize(world, ctx, ctx.cookies.get(USER_COOKIE)))
  router.get('/wwlogin/sso/login', (ctx) => authorize(world, ctx, undefined))
}

/** Redirects back with code and state when it is known who signs in, else asks. */
function authorize(world: World, ctx: Context, known: string | undefined): void {
  const asked = Query.safeParse(Object.fromEntries(new URLSearchParams(ctx.querystring)))
  if (!asked.success) return refused(ctx, 40058, '参数有误 invalid parameters', null)
  const query = asked.data
  const refuse = (code: number, text: string): void => refused(ctx, code, text, panelOrigin(query))
  if (query.appid !== world.options.corpId) return refuse(40013, 'appid 不是本企业的 CorpID (invalid appid)')
  if (query.agentid !== undefined && query.agentid !== world.options.agentId)
    return refuse(40056, 'agentid 有误 (invalid agentid)')
  if (query.scope === 'snsapi_privateinfo' && query.agentid === undefined)
    return refuse(40056, 'snsapi_privateinfo 需要 agentid')
  if (!isTrusted(world, query.redirect_uri)) {
    return refuse(50001, 'redirect_uri 的域名不是应用的可信域名 (not the trusted domain)')
  }
  const members = activeMembers(world)
  const chosen = members.find((member) => member.userid === (query.sandbox_user ?? known))
  ctx.set('cache-control', 'no-store')
  if (!chosen) {
    ctx.type = 'html'
    const origin = panelOrigin(query)
    const picker = pickerPage(members, (member) => choose(ctx, member.userid), ctx.cookies.get(USER_COOKIE))
    ctx.body = origin === null ? picker : picker + panelReady(origin)
    return
  }
  // A QR login on a desktop says nothing about who holds the client in this browser.
  if (query.sandbox_user !== undefined && ctx.path === '/connect/oauth2/authorize') setUser(ctx, chosen.userid)
  const code = issueCode(world, chosen.userid, query.scope)
  if (query.version === undefined) return ctx.redirect(back(query, code))
  ctx.type = 'html'
  ctx.body = panelDone(query.redirect_type, back(query, code), code)
}

/** The origin of the page around the login panel; null when there is no panel. */
function panelOrigin({ version, redirect_uri }: Query): string | null {
  return version === undefined || !URL.canParse(redirect_uri) ? null : new URL(redirect_uri).origin
}

/** Remembers who this browser is; readable by the chat page. */
export function setUser(ctx: Context, userid: string): void {
  ctx.cookies.set(USER_COOKIE, userid, { httpOnly: false, sameSite: 'lax', overwrite: true })
}

function choose(ctx: Context, userid: string): string {
  const query = new URLSearchParams(ctx.querystring)
  query.set('sandbox_user', userid)
  return `${ctx.path}?${query.toString()}`
}

function back(query: Query, code: string): string {
  const target = new URL(query.redirect_uri)
  target.searchParams.set('code', code)
  if (query.state !== '') target.searchParams.set('state', query.state)
  if (query.login_type !== undefined) target.searchParams.set('appid', query.appid)
  return target.href
}

function refused(ctx: Context, code: number, text: string, panel: string | null): void {
  ctx.status = 400
  ctx.type = 'html'
  ctx.body = errorPage(code, text) + (panel === null ? '' : panelFailed(panel, code, text))
}
