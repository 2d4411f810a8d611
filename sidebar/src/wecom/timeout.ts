import { WecomFailure } from './failure.ts'

/**
 * The promise, or a `timeout` failure after `ms`: outside its client the SDK never settles.
 * `late` hears of a success that came after we had given up.
 */
export const within = async <T>(promise: Promise<T>, ms: number, late?: (value: T) => void): Promise<T> => {
  let given = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      given = true
      reject(new WecomFailure('timeout', `no answer within ${ms / 1000} s`))
    }, ms)
  })
  const heard = async (): Promise<T> => {
    const value = await promise
    if (given) late?.(value)
    return value
  }
  try {
    return await Promise.race([heard(), patience])
  } finally {
    clearTimeout(timer)
  }
}
