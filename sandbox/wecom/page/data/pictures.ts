import type { SandboxApi } from './api.ts'
import type { Dialogs } from './dialogs.ts'

/** Pictures a page had the member choose: their local ids live as long as the page. */
export function createPictures(api: SandboxApi, dialogs: Dialogs) {
  const chosen = new Map<string, File>()

  return {
    /** The local ids of what the member chose; undefined when they gave up. */
    async choose(count: number): Promise<readonly string[] | undefined> {
      const files = await dialogs.files(count)
      return files?.map((file) => {
        const id = `wxLocalResource://${crypto.randomUUID()}`
        chosen.set(id, file)
        return id
      })
    },
    /** The media_id of a chosen picture; undefined for an id nobody knows. */
    async upload(localId: string): Promise<string | undefined> {
      const file = chosen.get(localId)
      return file && (await uploadPicture(api, file))
    },
  }
}

/** Uploads a picture of this machine; answers its media_id. */
export async function uploadPicture(api: SandboxApi, file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  const { media_id } = await api.uploadPicture({ filename: file.name, mime: file.type, base64: btoa(text) })
  return media_id
}
