import { z } from 'zod'
import { endpoint, none, Ok, Role } from './endpoint.ts'

/** `timezone`: the company's; every day and time is shown and entered by its clocks. */
export const Me = z.object({
  userid: z.string(),
  name: z.string(),
  role: Role,
  avatar: z.string().optional(),
  timezone: z.string(),
})
export type Me = z.infer<typeof Me>

const LoginPanel = z.object({ appid: z.string(), agentid: z.string(), redirectUri: z.string(), state: z.string() })
export type LoginPanel = z.infer<typeof LoginPanel>

export const session = {
  /** 401 when nobody is signed in; the app then sends the browser to `login`. */
  me: endpoint({
    method: 'GET',
    path: '/api/session',
    permission: 'rep',
    summary: 'Who is signed in',
    params: none,
    query: none,
    body: none,
    output: Me,
  }),
  logout: endpoint({
    method: 'POST',
    path: '/api/session/logout',
    permission: 'rep',
    summary: 'Sign out',
    params: none,
    query: none,
    body: none,
    output: Ok,
  }),
  /**
   * Where to sign in: WeCom OAuth inside the client, QR login in a browser. Both come back to /auth/callback, then to `to`. The answer marks
   * the browser with a cookie; only that browser can finish. `panel`: what JS-SDK's login panel needs to show the QR code on our own page;
   * null where only WeCom's page can be used.
   */
  login: endpoint({
    method: 'GET',
    path: '/api/session/login',
    permission: 'public',
    summary: 'The WeCom address that signs a member in',
    params: none,
    query: z.object({
      to: z.string().startsWith('/').max(500).default('/console/'),
      way: z.enum(['client', 'qr']).default('qr'),
    }),
    body: none,
    output: z.object({ url: z.string(), panel: LoginPanel.nullable() }),
  }),
  /** For ww.register in the sidebar; signs only pages of our own host. */
  jssdk: endpoint({
    method: 'GET',
    path: '/api/jssdk/signature',
    permission: 'rep',
    summary: 'JS-SDK signature for a page of this host',
    params: none,
    query: z.object({
      url: z.url().max(2000),
      kind: z.enum(['agent', 'corp']).default('agent'),
      /** The signature before was refused (40093): the ticket behind it may be stale. */
      refused: z.enum(['1']).optional(),
    }),
    body: none,
    output: z.object({
      corpId: z.string(),
      agentId: z.string(),
      timestamp: z.int(),
      nonceStr: z.string(),
      signature: z.string(),
    }),
  }),
}
