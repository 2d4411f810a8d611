/**
 * The page of the JS-SDK's login panel (@wecom/jssdk 2.4.4, `createWWLoginPanel`): the picker in an iframe, which tells the page around it
 * by messages. Each message is JSON of `{ type: 'ww-iframe-handle:call', args: { type: 'call', name, payload } }`, where `name` is a
 * function the page has given: onCheckWeComLogin, onLoginSuccess, onLoginFail.
 */
import { opaque } from '../ids.ts'

/** What the panel asked to happen once it is known who signs in; none: it is no panel. */
export type RedirectType = 'callback' | 'top' | 'self'

/** JSON that may stand inside a script element. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

const script = (code: string): string => `<script>${code}</script>`

const post = (origin: string, message: object): string =>
  `parent.postMessage(${inScript(JSON.stringify(message))},${inScript(origin)});`

/** Says something to the page around the panel. */
const call = (origin: string, name: string, payload: object): string =>
  post(origin, { type: 'ww-iframe-handle:call', uid: opaque(12), args: { type: 'call', name, payload } })

/** Added to the picker: the panel is there, and no client is signed in on this desktop. */
export const panelReady = (origin: string): string =>
  script(
    post(origin, { type: 'ww-iframe-handle:ready', supportChannel: false }) +
      call(origin, 'onCheckWeComLogin', { isWeComLogin: false }),
  )

/** Instead of going back: hands the code to the page, or takes the whole window back. */
export const panelDone = (type: RedirectType, back: string, code: string): string =>
  script(
    type === 'callback'
      ? call(new URL(back).origin, 'onLoginSuccess', { code })
      : `${type === 'top' ? 'top' : 'self'}.location.href=${inScript(back)}`,
  )

/** Added to the page that says why it goes no further. */
export const panelFailed = (origin: string, errCode: number, errMsg: string): string =>
  script(call(origin, 'onLoginFail', { errCode, errMsg }))
