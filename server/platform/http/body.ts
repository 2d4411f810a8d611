import { createGunzip } from 'node:zlib'
import type { IncomingMessage } from 'node:http'
import rawBody from 'raw-body'
import { AppError } from '../errors.ts'

const tooLarge = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'entity.too.large'

/** The whole body as text, gunzipped where sent so; more than `limit` bytes is refused without being kept. */
export const readText = async (request: IncomingMessage, limit: number, status = 413): Promise<string> => {
  const gzipped = request.headers['content-encoding'] === 'gzip'
  const stream = gzipped ? request.pipe(createGunzip()) : request
  const length = gzipped ? undefined : request.headers['content-length']
  try {
    return await rawBody(stream, { limit, encoding: 'utf8', ...(length === undefined ? {} : { length }) })
  } catch (error) {
    if (tooLarge(error))
      throw new AppError('request.too_large', { status, params: { limit: `${Math.floor(limit / 1024)} kB` } })
    throw new AppError('request.not_json', { cause: error })
  }
}

const megabytesOf = (limit: number): string => `${Math.floor(limit / 1024 / 1024)} MB`

/** The body as it arrives; more than `limit` bytes is refused once they have come. */
export async function* readPieces(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of request) {
    if (!(piece instanceof Uint8Array)) throw new TypeError('the body of a request is bytes')
    size += piece.length
    if (size > limit) throw new AppError('request.too_large', { status: 413, params: { limit: megabytesOf(limit) } })
    yield piece
  }
}

/** The whole body as it is; more than `limit` bytes is refused without being kept. */
export const readBytes = async (request: IncomingMessage, limit: number): Promise<Uint8Array> => {
  const length = request.headers['content-length']
  try {
    return await rawBody(request, { limit, ...(length === undefined ? {} : { length }) })
  } catch (error) {
    if (!tooLarge(error)) throw error
    throw new AppError('request.too_large', { status: 413, params: { limit: megabytesOf(limit) } })
  }
}

/** The body as JSON; an empty one is `{}`. `status` answers what is larger than `limit`. */
export const readJson = async (request: IncomingMessage, limit: number, status = 413): Promise<unknown> => {
  const text = await readText(request, limit, status)
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch (error) {
    throw new AppError('request.not_json', { cause: error })
  }
}
