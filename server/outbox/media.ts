import { setTimeout as sleep } from 'node:timers/promises'
import { because, type Because } from '@zhiyin/shared/because'
import { assetIdsOf, type Attachment, type ContentBody } from '@zhiyin/shared/content'
import type { MediaIdFor } from '../media/read.ts'
import { AppError } from '../platform/errors.ts'
import { wecomOf, type MessageAttachment, type MessageBody } from '../wecom/types.ts'

export type OutboxMedia = {
  mediaIdFor: MediaIdFor
  /** WeCom does not take these ids. */
  forget: (mediaIds: readonly string[]) => Promise<void>
  /** The original; throws not_found. */
  bytes: (assetId: string) => Promise<Uint8Array>
}

/** 40007 the id is over or unknown; 41072 it was uploaded for something else. Either way nothing was sent, and a new upload mends it. */
export const staleCodes: ReadonlySet<number> = new Set([40007, 41072])

type Wish = {
  /** For how long the files must be good: a mass message may be confirmed days later. */
  readonly leftMs: number
  /** How long a file may be waited for. */
  readonly waitMs: number
  /** Whether the message goes without a file that is not ready. */
  readonly without: boolean
}
/** A mass message waits for its files, and they must outlive its confirmation; a welcome has no time. */
export const wishes: Readonly<Record<'mass' | 'welcome', Wish>> = {
  mass: { leftMs: 60 * 3_600_000, waitMs: 8_000, without: false },
  welcome: { leftMs: 5 * 60_000, waitMs: 3_000, without: true },
}

/** A file could not be had, and the message does not go without it. Nothing was called. */
export class MediaMissing extends Error {
  readonly reason: Because
  /** Whether waiting may help. */
  readonly passing: boolean

  constructor(reason: Because, passing: boolean, cause: unknown) {
    super(reason.code, { cause })
    this.name = 'MediaMissing'
    this.reason = reason
    this.passing = passing
  }
}

export const missing = (name: string, error: unknown): MediaMissing => {
  const told = wecomOf(error)
  if (told !== null && (told.kind === 'refused' || told.kind === 'gone')) {
    const params = { name, errcode: told.errcode, hint: told.hint.slice(0, 200) }
    return new MediaMissing(because('send.media_refused', params), false, error)
  }
  const gone = error instanceof AppError && error.retry === 'never' && told === null
  return gone
    ? new MediaMissing(because('send.media_gone', { name }), false, error)
    : new MediaMissing(because('send.media_waiting', { name }), true, error)
}

/** The attachment with the file's id in place of the file. */
export const filled = (one: Attachment, idOf: (assetId: string) => string): MessageAttachment => {
  switch (one.type) {
    case 'link': {
      const { type, title, url, desc, picurl } = one
      return { type, title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) }
    }
    case 'image':
      return 'assetId' in one ? { type: 'image', mediaId: idOf(one.assetId) } : { type: 'image', picUrl: one.picUrl }
    case 'miniprogram': {
      const { type, title, appid, page, assetId } = one
      return { type, title, appid, page, picMediaId: idOf(assetId) }
    }
    case 'video':
    case 'file':
      return { type: one.type, mediaId: idOf(one.assetId) }
  }
}

/** Sends bodies with their files as WeCom has them at this moment. */
export const createWithMedia = ({ mediaIdFor, forget }: OutboxMedia) => {
  const inTime = async (assetId: string, { leftMs, waitMs }: Wish): Promise<string> => {
    const over = new AbortController()
    const late = async (): Promise<never> => {
      await sleep(waitMs, undefined, { signal: over.signal })
      throw new Error(`no file after ${waitMs} ms`)
    }
    try {
      return await Promise.race([mediaIdFor(assetId, 'message', { leftMs }), late()])
    } finally {
      over.abort()
    }
  }

  type Ready = { message: MessageBody; mediaIds: string[]; without: Because[] }

  const prepare = async (body: ContentBody, wish: Wish): Promise<Ready> => {
    const ids = new Map<string, string>()
    const failed = new Map<string, unknown>()
    await Promise.all(
      assetIdsOf(body).map(async (assetId) => {
        try {
          ids.set(assetId, await inTime(assetId, wish))
        } catch (error) {
          failed.set(assetId, error)
        }
      }),
    )
    const lacking = body.attachments.filter((one) => 'assetId' in one && failed.has(one.assetId))
    const without = lacking.map((one) => ('name' in one ? missing(one.name, failed.get(one.assetId)) : null))
    const first = without.find((each) => each !== null)
    if (!wish.without && first) throw first
    return {
      message: {
        text: body.text,
        attachments: body.attachments
          .filter((one) => !lacking.includes(one))
          .map((one) => filled(one, (assetId) => ids.get(assetId) ?? '')),
      },
      mediaIds: [...ids.values()],
      without: lacking.flatMap((one) => ('name' in one ? [because('send.without_media', { name: one.name })] : [])),
    }
  }

  /**
   * Calls `send` with the files' ids. Ids that WeCom refuses are uploaded anew and the call is made once more. Answers what `send`
   * answered and which files it went without. Throws MediaMissing before any call, and what `send` throws.
   */
  return async <T>(
    body: ContentBody,
    wish: Wish,
    send: (message: MessageBody) => Promise<T>,
    /** Whether the claim leaves time for a call after files have been waited for. */
    mayCall: () => boolean = () => true,
  ): Promise<{ sent: T; without: Because[] }> => {
    const ready = async (): Promise<Ready> => {
      const prepared = await prepare(body, wish)
      const named = body.attachments.find((one) => 'name' in one)
      if (named !== undefined && 'name' in named && !mayCall()) throw missing(named.name, null)
      return prepared
    }
    const first = await ready()
    try {
      return { sent: await send(first.message), without: first.without }
    } catch (error) {
      if (first.mediaIds.length === 0 || !staleCodes.has(wecomOf(error)?.errcode ?? 0)) throw error
      await forget(first.mediaIds)
      const again = await ready()
      return { sent: await send(again.message), without: again.without }
    }
  }
}
