import { chromium, type BrowserContextOptions, type FrameLocator, type Page } from 'playwright-core'

/** One person at one browser: their own cookies, and everything that went wrong in their pages. */
export type Actor = {
  readonly page: Page
  /** The product's sidebar in the chat page, wherever that frame has got to. */
  readonly sidebar: FrameLocator
  /** Uncaught errors of the pages and errors on their consoles, but for those that were expected. */
  readonly problems: readonly string[]
}

type ActorOptions = BrowserContextOptions & {
  /** Console errors that belong to the story; the text and the address of each are matched. */
  readonly expected?: readonly RegExp[]
}

export type Browser = {
  /** Opens a fresh browser profile. */
  actor(options?: ActorOptions): Promise<Actor>
  close(): Promise<void>
}

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const patience = 20_000

/** Nobody is signed in yet, and a customer just added is not known yet: answers every page begins with. */
const usual = [/status of 401 .*\/api\/session$/, /status of 404 .*\/api\/customers\/external\//]

export const startBrowser = async (): Promise<Browser> => {
  const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium', args })
  return {
    actor: async ({ expected = [], ...options } = {}) => {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        ...options,
      })
      context.setDefaultTimeout(patience)
      const page = await context.newPage()
      const problems: string[] = []
      const allowed = [...usual, ...expected]
      page.on('pageerror', ({ name, message }) => problems.push(`${name}: ${message}`))
      page.on('console', (message) => {
        if (message.type() !== 'error') return
        const told = `${message.text()} ${message.location().url}`
        if (!allowed.some((pattern) => pattern.test(told))) problems.push(told)
      })
      return { page, sidebar: page.frameLocator('[data-testid="sidebar-frame"]'), problems }
    },
    close: () => browser.close(),
  }
}

/** Whether the page can be scrolled sideways. */
export const isWide = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
