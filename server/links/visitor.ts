import { createHash } from 'node:crypto'

/** Programs that fetch an address to show what is behind it, or to look whether it is safe: nobody opened anything. */
const programs =
  /(?:^|[^a-z])bot\b|[a-z]bot\/|crawl|spider|preview|facebookexternalhit|whatsapp|telegram|slack|discord|skypeuripreview|embedly|lighthouse|headless|curl\/|wget\/|python-|java\/|go-http-client|okhttp|libwww|scan|validator|monitor|^$/i

type Headers = (name: string) => string

/** Whether a person opened it, as far as can be told: not a HEAD, not a browser that fetches ahead, not a program that looks. */
export const isPerson = (method: string, header: Headers): boolean =>
  method === 'GET' &&
  !/prefetch|preview|prerender/i.test(`${header('purpose')} ${header('sec-purpose')} ${header('x-moz')}`) &&
  !programs.test(header('user-agent'))

/** A mark of the device, from which neither address nor browser can be told. */
export const markOf = (ip: string, header: Headers): string =>
  createHash('sha256')
    .update(`${ip} ${header('user-agent')}`)
    .digest('base64url')
    .slice(0, 12)
