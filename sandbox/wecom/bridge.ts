/** Where the webview proxy serves the client's bridge. */
export const BRIDGE_PATH = '/__wecom_bridge.js'

/**
 * Runs in the product's page before @wecom/jssdk: makes it believe it is inside the client, and passes what it asks to the chat
 * page around it. To the parent: { zhiyinBridge: true, id, name, params, url }, for `on` { zhiyinBridge: true, on: name }. From the
 * parent: { zhiyinBridge: true, id, answer } answers a call; { zhiyinBridge: true, event, detail, ask } raises an event, to which the page
 * answers { zhiyinBridge: true, asked: ask, stopped }: whether a handler returned false, which stops what was about to happen.
 * The frame's name is the client's language, which a client tells in its agent string.
 * Functions among the parameters (success, fail …) stay here: the SDK calls them itself.
 */
export const BRIDGE_JS = `(() => {
  if (window.WeixinJSBridge || window.parent === window) return
  const agent = navigator.userAgent + ' wxwork/4.1.36 MicroMessenger/7.0.1 Language/' + (window.name || 'zh')
  Object.defineProperty(navigator, 'userAgent', { get: () => agent, configurable: true })
  const waiting = new Map()
  const handlers = new Map()
  let last = 0
  const tell = (message) => window.parent.postMessage({ zhiyinBridge: true, ...message }, '*')
  window.addEventListener('message', (event) => {
    const data = event.data
    if (event.source !== window.parent || typeof data !== 'object' || data === null || data.zhiyinBridge !== true) return
    if (typeof data.event === 'string') {
      const results = (handlers.get(data.event) || []).map((handler) => handler(data.detail || {}))
      tell({ asked: data.ask, stopped: results.includes(false) })
      return
    }
    const callback = waiting.get(data.id)
    waiting.delete(data.id)
    if (callback) callback(data.answer || {})
  })
  window.WeixinJSBridge = {
    invoke(name, params, callback) {
      last += 1
      if (typeof callback === 'function') waiting.set(last, callback)
      tell({ id: last, name, params: JSON.parse(JSON.stringify(params || {})), url: location.href })
    },
    on(name, handler) {
      handlers.set(name, [...(handlers.get(name) || []), handler])
      tell({ on: name, url: location.href })
    },
  }
  document.dispatchEvent(new Event('WeixinJSBridgeReady'))
})()
`
