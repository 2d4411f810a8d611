type Params = Record<string, unknown>
type Answer = (params: Params) => Params | 'silent'

export type FakeBridge = {
  log: { name: string; params: Params }[]
  answers: Record<string, Answer>
  readonly names: () => string[]
  /** Puts the bridge on the window; with `late`, the ready event follows. */
  readonly install: (late?: boolean) => void
}

const userAgent = 'Mozilla/5.0 AppleWebKit/537.36 wxwork/4.1.36 MicroMessenger/7.0.1'

export const pretendAgent = (agent: string): void => {
  Object.defineProperty(window.navigator, 'userAgent', { value: agent, configurable: true })
}

export const removeBridge = (): void => {
  Reflect.deleteProperty(window, 'WeixinJSBridge')
}

/** The client's side of the bridge, for the real SDK to talk to. */
export const fakeBridge = (answers: Record<string, Answer> = {}): FakeBridge => {
  pretendAgent(userAgent)
  const bridge: FakeBridge = {
    log: [],
    answers: {
      agentConfig: () => ({ err_msg: 'agentConfig:ok' }),
      getContext: () => ({ err_msg: 'getContext:ok', entry: 'single_chat_tools' }),
      getCurExternalContact: () => ({ err_msg: 'getCurExternalContact:ok', userId: 'wm1' }),
      getCurExternalChat: () => ({ err_msg: 'getCurExternalChat:ok', chatId: 'wr1' }),
      sendChatMessage: () => ({ err_msg: 'sendChatMessage:ok' }),
      ...answers,
    },
    names: () => bridge.log.map(({ name }) => name),
    install: (late = false) => {
      const invoke = (name: string, params: Params, callback: (answer: Params) => void): void => {
        bridge.log.push({ name, params })
        const answer = bridge.answers[name]?.(params) ?? { err_msg: `${name}:function not exist` }
        if (answer !== 'silent') queueMicrotask(() => callback(answer))
      }
      Object.assign(window, { WeixinJSBridge: { invoke, on: () => undefined } })
      if (late) document.dispatchEvent(new Event('WeixinJSBridgeReady'))
    },
  }
  return bridge
}
