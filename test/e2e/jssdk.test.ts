import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { KEYS, startSandbox, type Sandbox } from '../../sandbox/wecom/testing/harness.ts'
import { startBrowser, type Actor, type Browser } from '../support/browser.ts'
import { expectNoProblems } from './company.ts'

const sdk = readFileSync(createRequire(import.meta.url).resolve('@wecom/jssdk/dist/wecom.global.prod.js'), 'utf8')
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const Address = z.object({ port: z.int() })
const text = z.string()
const ALL = [
  ...[
    'getContext',
    'getCurExternalContact',
    'sendChatMessage',
    'shareToExternalContact',
    'shareToExternalMoments',
    'updateMomentsSetting',
  ],
  ...['chooseImage', 'uploadImage', 'selectExternalContact', 'selectEnterpriseContact', 'openEnterpriseChat'],
  ...['navigateToAddCustomer', 'launchMiniprogram', 'hideChatAttachmentMenu'],
]

/** A page of somebody's own in the sidebar's place, with the real SDK: what it asks for happens in the client around it. */
describe('a page with the real JS-SDK in the chat page', () => {
  let page: Server
  let sandbox: Sandbox
  let browser: Browser
  let lina: Actor
  let ids: string[]

  beforeAll(async () => {
    page = createServer((request, response) => {
      const isSdk = request.url === '/sdk.js'
      response.writeHead(200, { 'content-type': isSdk ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8' })
      response.end(
        isSdk ? sdk : '<!doctype html><html><head></head><body><script src="/sdk.js"></script></body></html>',
      )
    })
    await new Promise<void>((done) => page.listen(0, '127.0.0.1', done))
    const upstream = `http://127.0.0.1:${Address.parse(page.address()).port}`
    sandbox = await startSandbox({ webviewPort: 0, upstream, page: resolve('sandbox/dist/page') })
    await sandbox.member('lina', '李娜')
    await sandbox.member('chenchen', '陈晨')
    ids = [(await sandbox.friends('lina', '林晓雯')).id, (await sandbox.friends('lina', '徐静')).id]
    const { url: callbackUrl } = await sandbox.receiver()
    await sandbox.act('app', { callbackUrl, sidebarUrl: `${upstream}/own`, trustedDomain: '127.0.0.1' }, 'PUT')
    browser = await startBrowser()
    lina = await browser.actor({
      viewport: { width: 375, height: 812 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await lina.page.goto(`${sandbox.url}/?as=lina&chat=${ids[0] ?? ''}`)
    await openSidebar()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await sandbox?.close()
    page?.close()
  })

  const at = (testId: string) => lina.page.getByTestId(testId)
  /** Opens the page and registers it, signed as a server signs it. */
  const openSidebar = async (opener = 'sidebar-toggle'): Promise<void> => {
    await at(opener).click()
    await run('document.readyState')
    const { ticket } = await sandbox.get('ticket/get', { type: 'agent_config' })
    await run(`ww.register({ corpId: '${KEYS.corpId}', agentId: ${KEYS.agentId}, jsApiList: ${JSON.stringify(ALL)},
      getAgentConfigSignature: (url) => ww.getSignature({ ticket: '${text.parse(ticket)}', url }) })`)
  }
  /** Runs something in the embedded page. */
  const run = (script: string): Promise<unknown> =>
    lina.sidebar.locator('body').evaluate(`(async () => await (${script}))()`)
  /** Calls the SDK there; how it ended, and meanwhile what a person does. */
  const call = async (script: string, meanwhile: () => Promise<void> = async () => undefined): Promise<unknown> => {
    const ending = run(`ww.${script}.then((end) => end, (error) => error)`)
    await meanwhile()
    return ending
  }

  it('knows where it is and whom it looks at', async () => {
    expect(await call('getContext()')).toMatchObject({ entry: 'single_chat_tools' })
    expect(await call('getCurExternalContact()')).toMatchObject({ userId: ids[0] })
  })

  it('has the member choose customers and colleagues', async () => {
    const chosen = call('selectExternalContact()', async () => {
      await at(`pick-${ids[1] ?? ''}`).click()
      await at('pick-confirm').click()
    })
    expect(await chosen).toMatchObject({ userIds: [ids[1]] })
    const { type } = { type: "['department', 'user']" }
    const colleagues = call(
      `selectEnterpriseContact({ fromDepartmentId: 0, mode: 'multi', type: ${type} })`,
      async () => {
        await at('pick-chenchen').click()
        await at('pick-confirm').click()
      },
    )
    expect(await colleagues).toMatchObject({
      result: { departmentList: [], userList: [{ id: 'chenchen', name: '陈晨' }] },
    })
    const given = call('selectExternalContact()', async () => {
      await at('pick-confirm').waitFor()
      await lina.page.keyboard.press('Escape')
    })
    expect(await given).toMatchObject({ errMsg: 'selectExternalContact:cancel' })
  })

  it('hands a message to 群发助手: the member sends it, and it counts in the day’s quota', async () => {
    const share = `shareToExternalContact({ externalUserIds: ['${ids[0] ?? ''}'], text: { content: '会员日' },
      attachments: [{ msgtype: 'link', link: { title: '专享', url: 'https://shop.example.com' } }] })`
    const press = () => at('pick-confirm').click()
    expect(await call(share, press)).toMatchObject({ errMsg: 'shareToExternalContact:ok' })
    expect(await sandbox.ledger('via=mass')).toMatchObject([{ to: { id: ids[0] }, text: '会员日' }])
    await call(share, press)
    await at('toast').getByText('1 位今天已收过群发').waitFor()
    expect(await sandbox.ledger('via=mass')).toHaveLength(1)
  })

  it('publishes a moment when the member does', async () => {
    const share = `shareToExternalMoments({ text: { content: '换季三步' } })`
    expect(await call(share, () => at('moment-publish').click())).toMatchObject({ errMsg: 'shareToExternalMoments:ok' })
    expect((await sandbox.ledger('via=moment')).map(({ to }) => to.id).sort()).toEqual([...ids].sort())
  })

  it('changes the head of the member’s moments when they agree', async () => {
    const change = `updateMomentsSetting({ signature: '护肤顾问李娜' })`
    expect(await call(change, () => at('ask-confirm').click())).toMatchObject({ errMsg: 'updateMomentsSetting:ok' })
    await at('sidebar-close').click()
    await at('back').click()
    await at('conversation-moments').click()
    await at('moments-pane').getByText('护肤顾问李娜').waitFor()
    await at('back').click()
    await at(`conversation-${ids[0] ?? ''}`).click()
    await openSidebar()
  })

  it('sends a picture of the member’s device into the chat', async () => {
    const chosen = await call('chooseImage({ count: 1 })', async () => {
      await at('pictures').setInputFiles({ name: '皮肤.png', mimeType: 'image/png', buffer: picture })
      await at('pictures-confirm').click()
    })
    const { localIds } = z.object({ localIds: z.array(text).length(1) }).parse(chosen)
    const { serverId } = z
      .object({ serverId: text })
      .parse(await call(`uploadImage({ localId: '${localIds[0] ?? ''}' })`))
    // The chat takes the page's place, so that its answer never comes.
    await run(`void ww.sendChatMessage({ msgtype: 'image', image: { mediaid: '${serverId}' }, enterChat: true })`)
    const width = `document.querySelector('[data-testid="bubble"] img')?.naturalWidth`
    await expect.poll(() => lina.page.evaluate(width)).toBe(1)
  })

  it('from the attachment bar it may hide the bar’s own button', async () => {
    await openSidebar('attachment-open')
    await at('attachment-send').waitFor()
    expect(await call('getContext()')).toMatchObject({ entry: 'chat_attachment' })
    await call(`hideChatAttachmentMenu({ menuList: ['sendMessage'] })`)
    await at('attachment-send').waitFor({ state: 'detached' })
  })

  it('may stop the way back, once', async () => {
    await run(`(window.stops = 1, ww.onHistoryBack(() => window.stops-- <= 0))`)
    await at('sidebar-close').click()
    expect(await call('getContext()')).toMatchObject({ entry: 'chat_attachment' })
    await at('sidebar-close').click()
    await at('sidebar-frame').waitFor({ state: 'detached' })
  })

  it('opens another chat, in which it is another page', async () => {
    await openSidebar()
    await run(`void ww.openEnterpriseChat({ externalUserIds: ['${ids[1] ?? ''}'] })`)
    await lina.page.getByRole('heading', { name: '徐静' }).waitFor()
    await openSidebar()
    expect(await call('getCurExternalContact()')).toMatchObject({ userId: ids[1] })
    await call(`launchMiniprogram({ appid: 'wx1', path: 'pages/index' })`)
    await lina.page.getByRole('dialog').getByText('pages/index.html').waitFor()
    await lina.page.keyboard.press('Escape')
    expectNoProblems(lina)
  })
})
