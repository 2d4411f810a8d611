import { setTimeout as sleep } from 'node:timers/promises'
import type { Purpose } from '../media/read.ts'
import { wecomOf } from '../wecom/types.ts'
import { missing, staleCodes, type OutboxMedia } from './media.ts'

/** How long a file may be waited for; the claim has to outlive the call that follows. */
const waitMs = 12_000

type Asset = { readonly assetId: string; readonly name: string }

/** One file at a time, for robots and for messages to members. Whatever keeps a file away is a MediaMissing, for nothing was called. */
export const createFiles = ({ mediaIdFor, forget, bytes }: OutboxMedia) => {
  const had = async <T>({ name }: Asset, get: Promise<T>): Promise<T> => {
    const over = new AbortController()
    const late = async (): Promise<never> => {
      await sleep(waitMs, undefined, { signal: over.signal })
      throw new Error(`no file after ${waitMs} ms`)
    }
    try {
      return await Promise.race([get, late()])
    } catch (error) {
      throw missing(name, error)
    } finally {
      over.abort()
    }
  }

  return {
    bytesOf: (asset: Asset): Promise<Uint8Array> => had(asset, bytes(asset.assetId)),

    /** Calls `send` with the file's id; one that WeCom refuses is uploaded anew and the call is made once more. */
    async withId<T>(asset: Asset, purpose: Purpose, send: (mediaId: string) => Promise<T>): Promise<T> {
      const idOf = () => had(asset, mediaIdFor(asset.assetId, purpose))
      const mediaId = await idOf()
      try {
        return await send(mediaId)
      } catch (error) {
        if (!staleCodes.has(wecomOf(error)?.errcode ?? 0)) throw error
        await forget([mediaId])
        return send(await idOf())
      }
    },
  }
}

export type Files = ReturnType<typeof createFiles>
