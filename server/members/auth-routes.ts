import Router from 'koa-router'
import { AppError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { WecomOauth } from '../wecom/types.ts'
import type { Members } from './members.ts'
import type { Sessions } from './session.ts'
import { isLocalPath, type LoginState } from './state.ts'

type Deps = {
  oauth: Pick<WecomOauth, 'userOf'>
  members: Pick<Members, 'signIn'>
  sessions: Pick<Sessions, 'open' | 'forget'>
  loginState: Pick<LoginState, 'holds'>
  log: Log
}

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/** GET /auth/callback: back from WeCom with a code. Checks the state, finds the member, opens a session, goes on to `to`. */
export const authRoutes = ({ oauth, members, sessions, loginState, log }: Deps): Router => {
  const router = new Router()
  router.get('/auth/callback', async (ctx) => {
    const to = single(ctx.query['to'])
    const code = single(ctx.query['code'])
    ctx.set('cache-control', 'no-store')
    if (code === '' || !isLocalPath(to) || !loginState.holds(single(ctx.query['state']), to)) {
      throw new AppError('session.oauth_failed', { status: 401, params: { errcode: 'state' } })
    }
    const userid = await oauth.userOf(code)
    const member = userid === null ? null : await members.signIn(userid)
    if (member === null) throw new AppError('session.not_member', { status: 403 })
    sessions.forget(member.userid)
    ctx.append('set-cookie', await sessions.open(member.userid))
    log.info({ userid: member.userid }, 'signed in')
    ctx.redirect(to)
  })
  return router
}
