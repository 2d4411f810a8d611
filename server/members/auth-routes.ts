import Router from 'koa-router'
import type { ErrorCode } from '@zhiyin/shared/errors'
import { AppError } from '../platform/errors.ts'
import type { RequestState } from '../platform/http/context.ts'
import { cookiesOf } from '../platform/http/cookies.ts'
import type { Log } from '../platform/log.ts'
import type { WecomOauth } from '../wecom/types.ts'
import type { Members, SignInRefusal } from './members.ts'
import type { MemberView } from './read.ts'
import type { Sessions } from './session.ts'
import { signInFailed } from './sign-in-page.ts'
import { isLocalPath, type LoginState } from './state.ts'

type Deps = {
  oauth: Pick<WecomOauth, 'userOf'>
  members: Pick<Members, 'signIn'>
  sessions: Pick<Sessions, 'open'>
  loginState: Pick<LoginState, 'holds' | 'spend'>
  log: Log
}

const single = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

const refusals: Readonly<Record<SignInRefusal, ErrorCode>> = {
  unknown: 'session.not_member',
  out_of_range: 'session.out_of_range',
  disabled: 'session.disabled',
  barred: 'session.barred',
}

/**
 * GET /auth/callback: back from WeCom with a code. Checks the state, finds the member, opens a session, goes on to `to`. A browser that
 * cannot be signed in gets a page that says why and leads back; a script gets the error as JSON.
 */
export const authRoutes = ({ oauth, members, sessions, loginState, log }: Deps): Router<RequestState> => {
  const memberOf = async (code: string): Promise<MemberView> => {
    const userid = await oauth.userOf(code)
    const member = userid === null ? 'unknown' : await members.signIn(userid)
    if (typeof member === 'string') throw new AppError(refusals[member], { status: 403 })
    return member
  }

  const router = new Router<RequestState>()
  router.get('/auth/callback', async (ctx) => {
    const to = single(ctx.query['to'])
    const code = single(ctx.query['code'])
    const cookies = cookiesOf(ctx)
    ctx.set('cache-control', 'no-store')
    const local = isLocalPath(to)
    try {
      if (code === '' || !local || !loginState.holds(single(ctx.query['state']), to, cookies))
        throw new AppError('session.state', { status: 401 })
      loginState.spend(cookies)
      const { userid } = await memberOf(code)
      cookies.set(await sessions.open(userid))
      log.info({ userid }, 'signed in')
      ctx.redirect(to)
    } catch (error) {
      if (!(error instanceof AppError) || ctx.accepts('json', 'html') !== 'html') throw error
      log.warn({ code: error.code, ...error.params }, 'not signed in')
      ctx.status = error.status
      ctx.type = 'html'
      ctx.body = signInFailed(error, local ? to : '/console/', ctx.state.lang)
    }
  })
  return router
}
