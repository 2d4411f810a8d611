import process from 'node:process'

export type Rejection = { reason: unknown; prevented: boolean }

/**
 * Hands rejections nobody caught to the window, as a browser does, and keeps what the page made of them.
 * `stop` gives them back to the test runner.
 */
export const browserRejections = (): { seen: Rejection[]; stop: () => void } => {
  const seen: Rejection[] = []
  const runners = process.listeners('unhandledRejection')
  const hand = (reason: unknown): void => {
    const event = Object.assign(new Event('unhandledrejection', { cancelable: true }), { reason })
    window.dispatchEvent(event)
    seen.push({ reason, prevented: event.defaultPrevented })
  }
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', hand)
  const stop = (): void => {
    process.off('unhandledRejection', hand)
    for (const runner of runners) process.on('unhandledRejection', runner)
  }
  return { seen, stop }
}
