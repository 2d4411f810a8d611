import type { IncomingHttpHeaders } from 'node:http'

/** Names the member who is signed in to the client; set by the chat page. */
const USER_COOKIE = 'wecom_sandbox_user'
const MARK = 'wv.'
const REMEMBERED = 500

/**
 * A real client's webview has a cookie jar of its own per signed-in member. Here it lives in the same browser as the product's own
 * tabs, so its cookies carry the member in their names: `wv.lina.session`. The product sees them without.
 */
export interface Jar {
  /** The Cookie header the product gets; undefined: none. */
  up(header: string | undefined): string | undefined
  /** A Set-Cookie header of the product, as the browser gets it. */
  down(header: string): string
}

const pairs = (header: string | undefined): [name: string, pair: string][] =>
  (header ?? '').split(';').flatMap((part): [string, string][] => {
    const pair = part.trim()
    return pair === '' ? [] : [[pair.split('=', 1)[0] ?? '', pair]]
  })

const join = (kept: string[]): string | undefined => (kept.length === 0 ? undefined : kept.join('; '))

/** A tab of the browser: everything but what belongs to webviews. */
const tab: Jar = {
  up: (header) => join(pairs(header).flatMap(([name, pair]) => (name.startsWith(MARK) ? [] : [pair]))),
  down: (header) => header,
}

/** The webview of the member whom the cookie names; a `.` in a userid must not end the prefix. */
function memberJar(header: string | undefined): Jar {
  const user =
    pairs(header)
      .find(([name]) => name === USER_COOKIE)?.[1]
      .slice(USER_COOKIE.length + 1) ?? ''
  const prefix = `${MARK}${user.replaceAll('.', '%2E')}.`
  return {
    up: (cookies) =>
      join(pairs(cookies).flatMap(([name, pair]) => (name.startsWith(prefix) ? [pair.slice(prefix.length)] : []))),
    down: (cookie) => prefix + cookie.trimStart(),
  }
}

/**
 * Tells the webview's requests from those of a tab: what goes into an iframe, and what a page asks for that was last shown in one. A
 * page nobody remembers (the stand-in was started anew) is the webview's when it lies under `sidebarPath`.
 */
export function createJars(sidebarPath: string): (headers: IncomingHttpHeaders, path: string) => Jar {
  const framed = new Map<string, boolean>()
  const pathOf = (address: string): string => address.split(/[?#]/, 1)[0] ?? address

  const isWebview = (headers: IncomingHttpHeaders, path: string): boolean => {
    const dest = headers['sec-fetch-dest']
    if (dest === 'iframe' || dest === 'document') {
      framed.delete(path)
      framed.set(path, dest === 'iframe')
      for (const [oldest] of framed) if (framed.size > REMEMBERED) framed.delete(oldest)
      return dest === 'iframe'
    }
    const { referer } = headers
    if (referer === undefined || !URL.canParse(referer)) return false
    const from = new URL(referer).pathname
    return framed.get(from) ?? from.startsWith(sidebarPath)
  }

  return (headers, path) => (isWebview(headers, pathOf(path)) ? memberJar(headers.cookie) : tab)
}
