import { z } from 'zod'
import { ClockState, MassTask, State } from '../wecom/admin/contract.ts'

export const Nothing = z.unknown()
/** A step that was cut short may have gone so far. */
const aStepMs = 60 * 3_600_000

/** The people in front of WeCom, over the stand-in's admin API. */
export type Wecom = {
  act<T extends z.ZodType>(path: string, body: unknown, answer: T): Promise<z.output<T>>
  look<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>>
  state(): Promise<z.output<typeof State>>
  tasks(userid: string): Promise<z.output<typeof MassTask>[]>
  now(): Promise<number>
  /** Moves the clock on, never back; null is the real time. */
  goTo(at: number | null): Promise<void>
  /** Where a history begins or goes on: back from the real time, but never back from a little later. */
  goBackTo(at: number): Promise<void>
}

export const connectWecom = (url: string): Wecom => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/sandbox/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }
  const look: Wecom['look'] = async (path, answer) => answer.parse(await ask('GET', path))
  const act: Wecom['act'] = async (path, body, answer) => answer.parse(await ask('POST', path, body))
  const set = async (at: number | null): Promise<void> => void (await act('clock/set', { now: at }, ClockState))
  const now = async (): Promise<number> => (await look('clock', ClockState)).now
  return {
    act,
    look,
    now,
    state: () => look('state', State),
    tasks: (userid) => look(`tasks?userid=${userid}`, z.array(MassTask)),
    async goTo(at) {
      if (at === null || (await now()) < at) await set(at)
    },
    async goBackTo(at) {
      const ahead = (await now()) - at
      if (ahead < 0 || ahead > aStepMs) await set(at)
    },
  }
}
