import { z } from 'zod'
import { BAD_PARAMS, CANCEL, fail, ok } from '../ending.ts'
import type { BridgeFunction } from './kind.ts'

const Choose = z.object({ count: z.int().min(1).max(9).default(9) })
const Upload = z.object({ localId: z.string().min(1) })
const Preview = z.object({ current: z.string().default(''), urls: z.array(z.string()).default([]) })

/** Pictures: of this machine, of the platform, of the web. */
export const mediaFunctions: Record<string, BridgeFunction> = {
  chooseImage: {
    needs: 'agent',
    phone: true,
    async run(params, host) {
      const parsed = Choose.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const localIds = await host.chooseImages(parsed.data.count)
      return localIds === undefined ? CANCEL : ok({ localIds: [...localIds] })
    },
  },
  uploadImage: {
    needs: 'agent',
    phone: true,
    async run(params, host) {
      const parsed = Upload.safeParse(params)
      const serverId = parsed.success ? await host.uploadImage(parsed.data.localId) : undefined
      return serverId === undefined ? fail('fail invalid localId') : ok({ serverId })
    },
  },
  imagePreview: {
    needs: 'nothing',
    run(params, host) {
      const parsed = Preview.safeParse(params)
      const url = parsed.success ? parsed.data.current || parsed.data.urls[0] : undefined
      if (!url) return BAD_PARAMS
      host.showPicture(url)
      return ok()
    },
  },
}
