import type { ErrorCode } from '@zhiyin/shared/errors'
import { AppError } from '../platform/errors.ts'
import type { Call } from './client.ts'
import * as api from './endpoints/index.ts'
import { WecomError } from './errors.ts'
import type { WecomOauth } from './types/identity.ts'

export const defaultBase = 'https://qyapi.weixin.qq.com'

/** What a code that leads nowhere means for the person: sign in again, or ask an administrator. */
const told: ReadonlyMap<number, { code: ErrorCode; status: number }> = new Map([
  [40029, { code: 'session.oauth_failed', status: 401 }],
  [42003, { code: 'session.code_expired', status: 401 }],
  [42022, { code: 'session.code_used', status: 401 }],
  [50002, { code: 'session.out_of_range', status: 403 }],
  [60011, { code: 'session.out_of_range', status: 403 }],
  [60021, { code: 'session.out_of_range', status: 403 }],
])

type Deps = {
  call: Call
  base: string
  corpId: string
  agentId: string
  /** `panel`: the QR code on our own page by JS-SDK, which knows WeCom's login host only; `redirect`: on WeCom's page. */
  login: 'panel' | 'redirect' | undefined
}

/**
 * Sign-in by WeCom. With an API base of one's own (a stand-in, a proxy) both pages are under that base, and the QR code is shown there
 * unless the settings say otherwise.
 */
export const createOauth = ({ call, base, corpId, agentId, login }: Deps): WecomOauth => {
  const own = base !== defaultBase
  const pages = {
    client: `${own ? base : 'https://open.weixin.qq.com'}/connect/oauth2/authorize`,
    qr: `${own ? base : 'https://login.work.weixin.qq.com'}/wwlogin/sso/login`,
  }
  return {
    panel: (login ?? (own ? 'redirect' : 'panel')) === 'panel' ? { appid: corpId, agentid: agentId } : null,
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
        if (!(error instanceof WecomError)) throw error
        const { errcode, kind } = error
        // A lost answer may have used the code up: it cannot be asked for again.
        const lost = kind === 'ambiguous' ? { code: 'session.oauth_failed' as const, status: 401 } : undefined
        const { code: why, status } = told.get(errcode) ?? lost ?? {}
        if (why === undefined) throw error
        throw new AppError(why, { ...(status === undefined ? {} : { status }), params: { errcode }, cause: error })
      }
    },
  }
}
