import type { ErrorCode } from '@zhiyin/shared/errors'
import type { Params } from '@zhiyin/shared/text'

/** `never`: repeating cannot help; `backoff`: later, more and more slowly; `{ afterMs }`: not before that. */
export type Retry = 'never' | 'backoff' | { readonly afterMs: number }

type Details = {
  params?: Params
  retry?: Retry
  /** HTTP status where it reaches a caller. */
  status?: number
  /** Whether somebody should be told (logged as an error and counted). */
  report?: boolean
  fields?: readonly { path: string; message: string }[]
  cause?: unknown
}

/** An error that says what to do. Core logic throws these; one place maps them to HTTP, one to jobs. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly params: Params
  readonly retry: Retry
  readonly status: number
  readonly report: boolean
  readonly fields: readonly { path: string; message: string }[] | undefined

  constructor(code: ErrorCode, details: Details = {}) {
    super(
      `${code} ${JSON.stringify(details.params ?? {})}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.name = 'AppError'
    this.code = code
    this.params = details.params ?? {}
    this.retry = details.retry ?? 'never'
    this.status = details.status ?? 400
    this.report = details.report ?? false
    this.fields = details.fields
  }
}

export const notFound = (what: string, id: string): AppError =>
  new AppError('not_found', { status: 404, params: { what, id } })
export const forbidden = (role: string): AppError => new AppError('policy.forbidden', { status: 403, params: { role } })

/** How a job should go on after this error. Anything unknown is tried again, slowly. */
export const retryOf = (error: unknown): Retry => (error instanceof AppError ? error.retry : 'backoff')

/** The message of anything thrown, for a record that a person reads. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
