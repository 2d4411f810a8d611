/** Why a call of the WeCom client did not do what was asked; each kind has its own advice to the rep. */
export type WecomFault = 'timeout' | 'cancel' | 'permission' | 'context' | 'old_client' | 'signature' | 'other'

export class WecomFailure extends Error {
  override readonly name = 'WecomFailure'
  readonly fault: WecomFault

  constructor(fault: WecomFault, told: string, cause?: unknown) {
    super(told, { cause })
    this.fault = fault
  }
}

/** The SDK rejects with plain objects `{ errMsg, errCode }`, or with the Error of our signature function. */
export const toldBy = (reason: unknown): string => {
  if (reason instanceof Error) return reason.message
  if (typeof reason === 'object' && reason !== null && 'errMsg' in reason && typeof reason.errMsg === 'string')
    return reason.errMsg
  return String(reason)
}

const faultOf = (told: string): WecomFault => {
  if (/cancel/i.test(told)) return 'cancel'
  if (/without context/i.test(told)) return 'context'
  if (/permission|denied|^agentConfig:fail/i.test(told)) return 'permission'
  if (/not exist|not supported|unsupported/i.test(told)) return 'old_client'
  return 'other'
}

export const failureOf = (reason: unknown): WecomFailure => {
  if (reason instanceof WecomFailure) return reason
  const told = toldBy(reason)
  return new WecomFailure(reason instanceof Error ? 'signature' : faultOf(told), told, reason)
}

/** Something the SDK rejected on its own, not one of our errors. */
export const isSdkRejection = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && !(reason instanceof Error) && 'errMsg' in reason
