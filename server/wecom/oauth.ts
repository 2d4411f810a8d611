import { AppError } from '../platform/errors.ts'
import type { Call } from './client.ts'
import * as api from './endpoints/index.ts'
import { WecomError, isWecomError } from './errors.ts'
import type { WecomOauth } from './types.ts'

export const defaultBase = 'https://qyapi.weixin.qq.com'
/** Unknown, too old, or used already: the person signs in again. */
const BAD_CODE = [40029, 42003, 42022] as const

type Deps = { call: Call; base: string; corpId: string; agentId: string }

/** Sign-in by WeCom. With an API base of one's own (a stand-in, a proxy) both pages are under that base. */
export const createOauth = ({ call, base, corpId, agentId }: Deps): WecomOauth => {
  const own = base !== defaultBase
  const pages = {
    client: `${own ? base : 'https://open.weixin.qq.com'}/connect/oauth2/authorize`,
    qr: `${own ? base : 'https://login.work.weixin.qq.com'}/wwlogin/sso/login`,
  }
  return {
    authorizeUrl: (way, { redirectUri, state }) => {
      const query =
        way === 'client'
          ? {
              appid: corpId,
              redirect_uri: redirectUri,
              response_type: 'code',
              scope: 'snsapi_base',
              state,
              agentid: agentId,
            }
          : { login_type: 'CorpApp', appid: corpId, agentid: agentId, redirect_uri: redirectUri, state }
      return `${pages[way]}?${new URLSearchParams(query).toString()}${way === 'client' ? '#wechat_redirect' : ''}`
    },
    userOf: async (code) => {
      try {
        const answer = await call(api.userInfo, { code })
        return answer.userid ?? answer.UserId ?? null
      } catch (error) {
        const failed = isWecomError(error, ...BAD_CODE) || (error instanceof WecomError && error.kind === 'ambiguous')
        if (!failed) throw error
        throw new AppError('session.oauth_failed', { status: 401, params: { errcode: error.errcode }, cause: error })
      }
    },
  }
}
