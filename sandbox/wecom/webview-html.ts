import { BRIDGE_PATH } from './bridge.ts'

type Headers = Record<string, string | string[]>

/** Headers without what would keep the page out of the chat page's frame: a real client is no frame. */
export function frameable(headers: Headers, chatPage: string): Headers {
  const { 'x-frame-options': _dropped, ...rest } = headers
  for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
    const policy = rest[name]
    if (policy !== undefined) rest[name] = [policy].flat().map((one) => allowFraming(one, chatPage))
  }
  return rest
}

function allowFraming(policy: string, chatPage: string): string {
  return policy
    .split(';')
    .map((part) => (/^\s*frame-ancestors\s/i.test(part) ? ` frame-ancestors 'self' ${chatPage}` : part))
    .join(';')
}

/** The nonce a script needs under the page's policy, if it asks for one. */
export function nonceOf(headers: Headers): string | undefined {
  const policy = [headers['content-security-policy'] ?? ''].flat().join(';')
  return /'nonce-([^']+)'/.exec(policy)?.[1]
}

/** Puts the bridge before everything else of the head. */
export function inject(html: string, nonce: string | undefined): string {
  const script = `<script src="${BRIDGE_PATH}"${nonce === undefined ? '' : ` nonce="${nonce}"`}></script>`
  const head = /<head(\s[^>]*)?>/i.exec(html)
  if (head) return html.slice(0, head.index + head[0].length) + script + html.slice(head.index + head[0].length)
  const start = /^\s*(<!doctype[^>]*>)?\s*(<html[^>]*>)?/i.exec(html)?.[0].length ?? 0
  return html.slice(0, start) + script + html.slice(start)
}
