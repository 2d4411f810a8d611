import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { createClient, type Call } from '@zhiyin/shared/api/client'
import { ingest } from '@zhiyin/shared/api/ingest'

/** Where the product and the stand-in are, and the keys; in the data folder's sandbox.json. */
export const Running = z.object({ server: z.string(), wecom: z.string(), adminKey: z.string(), writeKey: z.string() })
export type Running = z.infer<typeof Running>

/** The product over HTTP: with the admin key, as a signed-in rep, and with the shop's write key. */
export type Product = {
  readonly call: Call
  /** Acts as a rep, signed in through WeCom's OAuth as their sidebar would be. `now` is the company's time. */
  as(userid: string, now: number): Promise<Call>
  /** Hands in what the shop knows; throws when a message is refused. */
  ingest(messages: readonly Readonly<Record<string, unknown>>[]): Promise<void>
  /** Puts a file where a path of the API wants it, with the admin key. */
  upload(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

const Batch = ingest.batch.output
/** Sessions live 12 hours of the company's time. */
const sessionMs = 11 * 3_600_000
const most = 400

export const connectProduct = ({ server, wecom, adminKey, writeKey }: Running): Product => {
  const client = (headers: Readonly<Record<string, string>>): Call =>
    createClient({
      base: server,
      lang: () => 'zh',
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
    }).call
  const call = client({ authorization: `Bearer ${adminKey}` })
  const signedIn = new Map<string, { at: number; call: Call }>()

  const follow = async (url: string, cookie?: string): Promise<Response> => {
    const response = await fetch(url, { redirect: 'manual', headers: cookie === undefined ? {} : { cookie } })
    await response.arrayBuffer()
    return response
  }

  const cookieIn = (answer: Response, name: string): string | undefined =>
    answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0] ?? '')
      .find((one) => one.startsWith(`${name}=`))

  /** As a browser does it: the cookie that came with the address goes back with the code. */
  const signIn = async (userid: string): Promise<Call> => {
    const { path, output } = api.session.login
    const login = await fetch(`${server}${path}?${new URLSearchParams({ to: '/sidebar/', way: 'client' }).toString()}`)
    const authorize = new URL(output.parse(await login.json()).url)
    const asked = await follow(`${wecom}${authorize.pathname}${authorize.search}`, `wecom_sandbox_user=${userid}`)
    const back = new URL(z.url().parse(asked.headers.get('location')))
    const answer = await follow(`${server}${back.pathname}${back.search}`, cookieIn(login, 'zhiyin_login'))
    const cookie = cookieIn(answer, 'zhiyin_session')
    if (cookie === undefined) throw new Error(`${userid} could not sign in (${answer.status})`)
    return client({ cookie })
  }

  return {
    call,
    async as(userid, now) {
      const known = signedIn.get(userid)
      if (known !== undefined && now - known.at < sessionMs && now >= known.at) return known.call
      const opened = await signIn(userid)
      signedIn.set(userid, { at: now, call: opened })
      return opened
    },
    async upload(path, body) {
      const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/octet-stream' }
      const response = await fetch(`${server}${path}`, { method: 'PUT', headers, body })
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    },
    async ingest(messages) {
      for (let from = 0; from < messages.length; from += most) {
        const response = await fetch(`${server}${ingest.batch.path}`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
          },
          body: JSON.stringify({ batch: messages.slice(from, from + most) }),
        })
        const text = await response.text()
        if (!response.ok) throw new Error(`ingest answered ${response.status}: ${text}`)
        const { success, rejected } = Batch.parse(JSON.parse(text))
        if (!success || rejected.length > 0) throw new Error(`ingest refused ${text}`)
      }
    },
  }
}
