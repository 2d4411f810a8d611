import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { provided } from './provided.ts'

export type Clock = {
  /** Now by the server's clock; moves on by itself so that ages on the screen stay true. */
  readonly now: Readonly<ShallowRef<number>>
  readonly read: () => number
  /** The server said what time it is. */
  readonly heard: (serverTime: number) => void
}

const tick = 15_000
/** The Date header has whole seconds and the answer took a while; smaller differences are not worth a correction. */
const tolerance = 5_000

export const createClock = (local: () => number = Date.now): Clock => {
  let offset = 0
  const now = shallowRef(local())
  const read = (): number => local() + offset
  const timer = setInterval(() => (now.value = read()), tick)
  onScopeDispose(() => {
    clearInterval(timer)
  }, true)
  const heard = (serverTime: number): void => {
    const next = serverTime - local()
    if (Math.abs(next - offset) < tolerance) return
    offset = Math.abs(next) < tolerance ? 0 : next
    now.value = read()
  }
  return { now, read, heard }
}

export const clock = provided<Clock>('clock')
