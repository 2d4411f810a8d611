import { session as endpoints } from '@zhiyin/shared/api/session'
import { signOutCommand } from '../commands/sign-out.ts'
import type { MembersRead } from '../members/read.ts'
import { isLocalPath, type LoginState } from '../members/state.ts'
import type { Config } from '../platform/config.ts'
import { AppError } from '../platform/errors.ts'
import type { WecomOauth, WecomTickets } from '../wecom/types.ts'
import { bind, bindOpen, type Bound } from './bind.ts'

type Deps = Parameters<typeof signOutCommand>[0] & {
  config: Pick<Config, 'PUBLIC_URL' | 'WECOM_CORP_ID' | 'WECOM_AGENT_ID' | 'TIMEZONE'>
  membersRead: Pick<MembersRead, 'get'>
  oauth: Pick<WecomOauth, 'authorizeUrl' | 'panel'>
  loginState: Pick<LoginState, 'make'>
  tickets: WecomTickets
}

export const sessionApi = ({ config, membersRead, oauth, loginState, tickets, ...deps }: Deps): Bound[] => {
  const signOut = signOutCommand(deps)
  return [
    bind(endpoints.me, async ({ actor }) => {
      const timezone = config.TIMEZONE
      if (actor.kind === 'key') return { userid: actor.name, name: actor.name, role: actor.role, timezone }
      const { userid, name, role } = actor
      const avatar = (await membersRead.get(userid))?.avatar
      return { userid, name, role, timezone, ...(avatar ? { avatar } : {}) }
    }),
    bind(endpoints.logout, async ({ actor }) => {
      await signOut(actor)
      return { ok: true as const }
    }),
    bindOpen(endpoints.login, ({ query: { to, way }, cookies }) => {
      if (!isLocalPath(to)) {
        const fields = [{ path: 'to', message: 'a path of this host' }]
        return Promise.reject(new AppError('request.invalid', { fields, params: { field: 'to', problem: to } }))
      }
      const redirectUri = `${config.PUBLIC_URL}/auth/callback?${new URLSearchParams({ to }).toString()}`
      const state = loginState.make(to, cookies)
      const panel = way === 'qr' && oauth.panel !== null ? { ...oauth.panel, redirectUri, state } : null
      return Promise.resolve({ url: oauth.authorizeUrl(way, { redirectUri, state }), panel })
    }),
    bind(endpoints.jssdk, async ({ query: { url, kind, refused } }) => ({
      corpId: config.WECOM_CORP_ID,
      agentId: config.WECOM_AGENT_ID,
      ...(await tickets.sign(kind, url, { refused: refused !== undefined })),
    })),
  ]
}
