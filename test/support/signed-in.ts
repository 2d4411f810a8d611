import { z } from 'zod'
import { createClient, type Call } from '@zhiyin/shared/api/client'
import type { World } from './world.ts'

const Login = z.object({ url: z.string() })
const cookiesIn = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ')

/** Signs a member in as a browser would, by WeCom's page; answers the cookie of their session. */
const cookieOf = async ({ stack }: Pick<World, 'stack'>, userid: string): Promise<string> => {
  const asked = await fetch(`${stack.publicUrl}/api/session/login`)
  const { url } = Login.parse(await asked.json())
  const chosen = await fetch(`${url.replace('#wechat_redirect', '')}&sandbox_user=${userid}`, { redirect: 'manual' })
  const back = chosen.headers.get('location') ?? ''
  const opened = await fetch(back, { redirect: 'manual', headers: { cookie: cookiesIn(asked) } })
  return cookiesIn(opened)
}

/** A member in the browser: how they ask from then on; with a body it is a POST. */
export const signedIn = async (
  world: Pick<World, 'stack'>,
  userid: string,
): Promise<(path: string, body?: object) => Promise<Response>> => {
  const cookie = await cookieOf(world, userid)
  const { publicUrl } = world.stack
  return (path, body) => {
    if (body === undefined) return fetch(`${publicUrl}${path}`, { headers: { cookie } })
    const headers = { cookie, 'content-type': 'application/json', origin: publicUrl }
    return fetch(`${publicUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }
}

/** The same as the apps ask: endpoints with their types. */
export const callAs = async (world: Pick<World, 'stack'>, userid: string): Promise<Call> => {
  const cookie = await cookieOf(world, userid)
  const { publicUrl } = world.stack
  const { call } = createClient({
    base: publicUrl,
    lang: () => 'zh',
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie, origin: publicUrl } }),
  })
  return call
}
