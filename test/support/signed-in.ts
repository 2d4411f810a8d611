import { z } from 'zod'
import type { World } from './world.ts'

const Login = z.object({ url: z.string() })
const cookiesIn = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ')

/** Signs a member in as a browser would, by WeCom's page; answers how they ask from then on: with a body it is a POST. */
export const signedIn = async (
  { stack }: Pick<World, 'stack'>,
  userid: string,
): Promise<(path: string, body?: object) => Promise<Response>> => {
  const asked = await fetch(`${stack.publicUrl}/api/session/login`)
  const { url } = Login.parse(await asked.json())
  const chosen = await fetch(`${url.replace('#wechat_redirect', '')}&sandbox_user=${userid}`, { redirect: 'manual' })
  const back = chosen.headers.get('location') ?? ''
  const opened = await fetch(back, { redirect: 'manual', headers: { cookie: cookiesIn(asked) } })
  const cookie = cookiesIn(opened)
  return (path, body) => {
    if (body === undefined) return fetch(`${stack.publicUrl}${path}`, { headers: { cookie } })
    const headers = { cookie, 'content-type': 'application/json', origin: stack.publicUrl }
    return fetch(`${stack.publicUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  }
}
