import type { z } from 'zod'
import type { LiveEvent } from './admin/contract.ts'

type Event = z.infer<typeof LiveEvent>

/** Tells the chat page (and whoever listens) what happens. Changes of tables are told together, ten times a second at most. */
export interface Live {
  publish(event: Event): void
  changed: (table: string) => void
  /** Returns the way to stop listening. */
  listen(listener: (event: Event) => void): () => void
}

/** Deliveries are told one by one; the company looks the same after them. */
const TOLD_ELSE: ReadonlySet<string> = new Set(['callbacks'])

/** A hub in memory. */
export function createLive(): Live {
  const listeners = new Set<(event: Event) => void>()
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const publish = (event: Event): void => listeners.forEach((listener) => listener(event))
  return {
    publish,
    changed(table) {
      if (listeners.size === 0 || TOLD_ELSE.has(table)) return
      changed.add(table)
      timer ??= setTimeout(() => {
        timer = undefined
        const what = [...changed]
        changed.clear()
        publish({ type: 'state', what })
      }, 100)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
