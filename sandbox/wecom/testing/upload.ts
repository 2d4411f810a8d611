import { z } from 'zod'
import { png } from './contract.ts'
import type { Sandbox } from './harness.ts'

const Uploaded = z.object({ media_id: z.string() })

/** Uploads a picture with the app's token: an ordinary one, or with `attachment_type` 1 one for moments, 2 for product albums. */
export async function uploadPicture(sandbox: Sandbox, query: { attachment_type?: '1' | '2' } = {}): Promise<string> {
  const attachment = query.attachment_type !== undefined
  return upload(sandbox, attachment ? 'upload_attachment' : 'upload', png(), {
    ...(attachment ? { media_type: 'image' } : { type: 'image' }),
    ...query,
  })
}

/** Uploads a file to media/`path`; answers its media_id. */
export async function upload(
  sandbox: Sandbox,
  path: string,
  file: File,
  query: Record<string, string>,
): Promise<string> {
  const form = new FormData()
  form.set('media', file)
  const search = new URLSearchParams({ access_token: await sandbox.token(), ...query })
  const response = await fetch(`${sandbox.url}/cgi-bin/media/${path}?${search.toString()}`, {
    method: 'POST',
    body: form,
  })
  return Uploaded.parse(await response.json()).media_id
}
