/** How a call ends, in the client's words: `tail` follows the function's name and a colon in err_msg. */
export interface Ending {
  tail: string
  code?: number
  data?: Record<string, unknown>
}

/** What travels back over the bridge. */
export interface Answer {
  err_msg: string
  [field: string]: unknown
}

export const ok = (data?: Record<string, unknown>): Ending => (data ? { tail: 'ok', data } : { tail: 'ok' })
export const fail = (tail = 'fail', code?: number): Ending => (code === undefined ? { tail } : { tail, code })

export const CANCEL: Ending = { tail: 'cancel' }
export const NO_PERMISSION: Ending = { tail: 'fail no permission' }
export const NO_CONTEXT: Ending = { tail: 'fail without context of external contact' }
export const NOT_EXIST: Ending = { tail: 'function not exist' }
export const BAD_PARAMS: Ending = { tail: 'fail invalid parameter' }

export function answerOf(name: string, ending: Ending): Answer {
  const code = ending.code === undefined ? {} : { err_code: ending.code }
  return { ...ending.data, ...code, err_msg: `${name}:${ending.tail}` }
}
