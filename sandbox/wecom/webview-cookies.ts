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

const signedIn = (header: string | undefined): string =>
  pairs(header)
    .find(([name]) => name === USER_COOKIE)?.[1]
    .slice(USER_COOKIE.length + 1) ?? ''

/** The webview of one member, as the cookie has the userid; a `.` in it must not end the prefix. */
function memberJar(user: string): Jar {
  const prefix = `${MARK}${user.replaceAll('.', '%2E')}.`
  return {
    up: (header) =>
      join(pairs(header).flatMap(([name, pair]) => (name.startsWith(prefix) ? [pair.slice(prefix.length)] : []))),
    down: (header) => prefix + header.trimStart(),
  }
}

/**
 * Tells the webview's requests from those of a tab: what goes into an iframe, and what a page asks for that was last shown in one. Such
 * a page stays with the member for whom it was opened, whoever signs in to another tab meanwhile. A page nobody remembers (the
 * stand-in was started anew) is the webview's when it lies under `sidebarPath`.
 */
export function createJars(sidebarPath: string): (headers: IncomingHttpHeaders, path: string) => Jar {
  /** The jar of each page by its path, the one shown last at the end. */
  const shown = new Map<string, Jar>()
  const pathOf = (address: string): string => address.split(/[?#]/, 1)[0] ?? address

  const show = (path: string, jar: Jar): Jar => {
    shown.delete(path)
    shown.set(path, jar)
    for (const oldest of shown.keys()) if (shown.size > REMEMBERED) shown.delete(oldest)
    return jar
  }

  return (headers, address) => {
    const dest = headers['sec-fetch-dest']
    if (dest === 'iframe') return show(pathOf(address), memberJar(signedIn(headers.cookie)))
    if (dest === 'document') return show(pathOf(address), tab)
    const { referer } = headers
    if (referer === undefined || !URL.canParse(referer)) return tab
    const from = new URL(referer).pathname
    return shown.get(from) ?? (from.startsWith(sidebarPath) ? memberJar(signedIn(headers.cookie)) : tab)
  }
}
