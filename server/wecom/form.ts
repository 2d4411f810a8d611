import { randomUUID } from 'node:crypto'
import type { WireFile } from './types/media.ts'

/** A request's body and its content type. */
export type Payload = { readonly type: string; readonly bytes: string | Uint8Array }

export const jsonOf = (input: unknown): Payload => ({
  type: 'application/json; charset=utf-8',
  bytes: JSON.stringify(input),
})

/** What would end the name or the line it stands in. */
const escaped = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

/** A form (multipart/form-data) with one file, in the field `media` that WeCom reads. */
export const formOf = ({ name, mime, bytes }: WireFile): Payload => {
  const boundary = `zhiyin-${randomUUID()}`
  const head = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="media"; filename="${escaped(name)}"`,
    `Content-Type: ${escaped(mime)}`,
    '',
    '',
  ].join('\r\n')
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}
