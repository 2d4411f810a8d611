import { z } from 'zod'
import { BAD_PARAMS, fail, ok } from '../ending.ts'
import type { BridgeFunction } from './kind.ts'

const Clipboard = z.object({ data: z.string() })
const Browser = z.object({ url: z.string().regex(/^https?:\/\//i) })
const Preview = z.object({ current: z.string().default(''), urls: z.array(z.string()).default([]) })
const doNothing: BridgeFunction = { needs: 'nothing', run: () => ok() }

/** What every embedded page may do, signed or not. */
export const basicFunctions: Record<string, BridgeFunction> = {
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
  setClipboardData: {
    needs: 'nothing',
    async run(params, host) {
      const parsed = Clipboard.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      await host.copy(parsed.data.data)
      return ok()
    },
  },
  openDefaultBrowser: {
    needs: 'nothing',
    run(params, host) {
      const parsed = Browser.safeParse(params)
      if (!parsed.success) return fail('fail invalid url')
      host.openBrowser(parsed.data.url)
      return ok()
    },
  },
  closeWindow: {
    needs: 'nothing',
    run(_params, host) {
      host.closePage()
      return ok()
    },
  },
  historyBack: doNothing,
  hideOptionMenu: doNothing,
  showOptionMenu: doNothing,
  hideMenuItems: doNothing,
  showMenuItems: doNothing,
  hideAllNonBaseMenuItem: doNothing,
  showAllNonBaseMenuItem: doNothing,
}
