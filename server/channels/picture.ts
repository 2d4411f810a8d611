import { AppError } from '../platform/errors.ts'
import type { ChannelDoc } from './channels.model.ts'

const mostBytes = 2 * 1024 * 1024
const timeoutMs = 8_000
/** Where WeCom keeps pictures of QR codes. */
const wecomHosts = /(^|\.)(qpic\.cn|weixin\.qq\.com)$/

export type Picture = { mime: string; name: string; bytes: Uint8Array<ArrayBuffer> }
/** Gets an address; rejects when it cannot be had. */
export type FetchPicture = (url: URL) => Promise<{ mime: string; bytes: Uint8Array<ArrayBuffer> }>

const endings: Readonly<Record<string, string>> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/svg+xml': 'svg' }

/** Over HTTP, from WeCom's hosts or that of the API alone; nothing is followed elsewhere. */
export const fetchPicture =
  (apiBase: string): FetchPicture =>
  async (url) => {
    const own = url.host === new URL(apiBase).host
    if (!own && !(url.protocol === 'https:' && wecomHosts.test(url.hostname)))
      throw new Error(`not WeCom's: ${url.host}`)
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
    if (!answer.ok) throw new Error(`answered ${answer.status}`)
    const length = Number(answer.headers.get('content-length') ?? 0)
    if (length > mostBytes) throw new Error(`${length} bytes are too many for a picture`)
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (bytes.length > mostBytes) throw new Error(`${bytes.length} bytes are too many for a picture`)
    return { mime: (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '', bytes }
  }

/** The QR code of a channel as WeCom draws it, named as the channel. Throws `channel.picture` when it cannot be had. */
export const createPicture =
  (fetch: FetchPicture) =>
  async ({ name, qrUrl }: Pick<ChannelDoc, 'name' | 'qrUrl'>): Promise<Picture> => {
    if (!URL.canParse(qrUrl)) throw new AppError('channel.picture', { status: 404 })
    try {
      const { mime, bytes } = await fetch(new URL(qrUrl))
      const ending = endings[mime]
      if (ending === undefined) throw new Error(`not a picture: ${mime}`)
      return { mime, bytes, name: `${name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')}.${ending}` }
    } catch (error) {
      throw new AppError('channel.picture', { status: 502, cause: error })
    }
  }
