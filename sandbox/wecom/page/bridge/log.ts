import { shallowRef } from 'vue'
import type { Answer } from './ending.ts'

export interface BridgeLogEntry {
  at: number
  name: string
  params: Record<string, unknown>
  url: string
  answer: Answer
}

declare global {
  interface Window {
    /** Every call of the embedded page with its answer, for tests and for people who develop one. */
    __bridgeLog?: BridgeLogEntry[]
  }
}

const KEPT = 500

export function createBridgeLog(scope: Window) {
  const entries = shallowRef<readonly BridgeLogEntry[]>([])
  const all: BridgeLogEntry[] = []
  Object.defineProperty(scope, '__bridgeLog', { value: all, configurable: true })
  function add(entry: BridgeLogEntry) {
    all.push(entry)
    if (all.length > KEPT) all.shift()
    entries.value = [...all]
  }
  return { entries, add }
}
