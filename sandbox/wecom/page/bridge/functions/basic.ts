import { z } from 'zod'
import { BAD_PARAMS, fail, ok } from '../ending.ts'
import type { BridgeFunction } from './kind.ts'

const Clipboard = z.object({ data: z.string() })
const Browser = z.object({ url: z.string().regex(/^https?:\/\//i) })
const Miniprogram = z.object({ appid: z.string().min(1), path: z.string().default('') })
const ShareAttr = z.object({ withShareTicket: z.boolean().optional(), state: z.string().optional() })
const doNothing: BridgeFunction = { needs: 'nothing', run: () => ok() }

/** What every embedded page may do, signed or not. */
export const basicFunctions: Record<string, BridgeFunction> = {
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
  launchMiniprogram: {
    needs: 'agent',
    run(params, host) {
      const parsed = Miniprogram.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      host.openMiniprogram(parsed.data.appid, parsed.data.path)
      return ok()
    },
  },
  setShareAttr: {
    needs: 'agent',
    run: (params) => (ShareAttr.safeParse(params).success ? ok() : BAD_PARAMS),
  },
  // A ticket comes with a page that was shared as a private message; no page here ever is.
  getShareInfo: { needs: 'agent', run: () => fail('fail invalid shareTicket') },
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
