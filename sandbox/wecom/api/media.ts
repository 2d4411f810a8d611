import { z } from 'zod'
import { opaque } from '../ids.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { ANY, endpoint, FileAnswer, type Call } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { groupOfKey } from './robots.ts'
import { says } from './schema.ts'

const MB = 1024 * 1024
const LIMITS: Record<string, { max: number; names: RegExp }> = {
  image: { max: 10 * MB, names: /\.(jpe?g|png)$/i },
  voice: { max: 2 * MB, names: /\.amr$/i },
  video: { max: 10 * MB, names: /\.mp4$/i },
  file: { max: 20 * MB, names: /./ },
}

/** The field `media` of an upload. */
async function fileOf(call: Call): Promise<{ bytes: Buffer; filename: string; mime: string }> {
  if (!call.contentType.startsWith('multipart/form-data')) throw new ApiError(44001, 'multipart/form-data is needed')
  const form = await new Response(new Uint8Array(call.body), {
    headers: { 'content-type': call.contentType },
  }).formData()
  const part = form.get('media') ?? [...form.values()][0] ?? null
  if (part === null || typeof part === 'string') throw new ApiError(44001, 'no file in the form')
  return { bytes: Buffer.from(await part.arrayBuffer()), filename: part.name, mime: part.type }
}

/** Takes in a file after checking kind and size; answers its id. */
async function store(world: World, call: Call, type: string, permanent: boolean, max: number): Promise<string> {
  const kind = LIMITS[type]
  if (!kind) throw new ApiError(40004)
  const { bytes, filename, mime } = await fileOf(call)
  if (bytes.length <= 5) throw new ApiError(44001)
  if (bytes.length > max) throw new ApiError(type === 'image' ? 40009 : 40006)
  if (!kind.names.test(filename)) throw new ApiError(40004, filename)
  const media_id = `3${opaque(63)}`
  world.store.media.set(media_id, {
    media_id,
    type,
    filename,
    mime,
    at: world.clock.now(),
    permanent,
    base64: bytes.toString('base64'),
  })
  return media_id
}

const maxOf = (type: string): number => LIMITS[type]?.max ?? 0
const answer = (world: World, type: string, media_id: string) => ({
  type,
  media_id,
  created_at: String(world.clock.seconds()),
})

/** Files (素材): ids live 3 days. */
export const media = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/media/upload',
    secrets: ANY,
    upload: true,
    input: z.object({ type: z.enum(['image', 'voice', 'video', 'file'], says(40004)) }),
    handle: async (world, { type }, call) => answer(world, type, await store(world, call, type, false, maxOf(type))),
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/media/uploadimg',
    secrets: ANY,
    rate: (limits) => ({ day: limits.uploadimgPerDay, month: limits.uploadimgPerMonth }),
    upload: true,
    input: z.object({}),
    handle: async (world, _input, call) => ({
      url: `${world.addresses.url}/media/${await store(world, call, 'image', true, 2 * MB)}`,
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/webhook/upload_media',
    secrets: 'none',
    upload: true,
    input: z.object({ key: z.string(says(93000)), type: z.enum(['file', 'voice'], says(40004)) }),
    async handle(world, { key, type }, call) {
      groupOfKey(world, key)
      return answer(world, type, await store(world, call, type, false, maxOf(type)))
    },
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/media/get',
    secrets: ANY,
    input: z.object({ media_id: z.string().min(1) }),
    handle(world, { media_id }) {
      checkMedia(world, media_id)
      const media = world.store.media.get(media_id)
      if (!media) throw new ApiError(40007)
      return new FileAnswer(Buffer.from(media.base64, 'base64'), media.mime, media.filename)
    },
  }),
]
