import { type AdminCall, AdminError, createAdminClient } from '../../admin/client.ts'

/** `offline`: nobody answered; `refused`: the stand-in said no, and why; `garbled`: an answer this page can't read. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly kind: 'offline' | 'refused' | 'garbled'
  constructor(kind: ApiError['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (!(error instanceof AdminError)) return new ApiError('garbled', String(error))
  const { status, message } = error
  const kind = status === 0 || status >= 500 ? 'offline' : status >= 400 ? 'refused' : 'garbled'
  return new ApiError(kind, message)
}

/** Calls of the stand-in's admin API, typed by its contract. */
export const createCaller = (fetcher?: typeof fetch): AdminCall => createAdminClient('', fetcher)
