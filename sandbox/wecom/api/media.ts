import { z } from 'zod'
import { keepMedia } from '../company/media.ts'
import { startUpload } from '../company/upload-jobs.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { ANY, endpoint, FileAnswer, post, type Call } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { groupOfKey } from './robots.ts'
import { int, says, seconds } from './schema.ts'

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

/** How a file is kept: for ever, for a scene, with a smaller limit than its kind's. */
interface Kept {
  permanent?: boolean
  scene?: 1 | 2
  max?: number
}

/** Takes in a file after checking kind and size; answers its id. */
async function store(world: World, call: Call, type: string, kept: Kept): Promise<string> {
  const kind = LIMITS[type]
  if (!kind) throw new ApiError(40004)
  const { bytes, filename, mime } = await fileOf(call)
  const attachment = kept.scene !== undefined
  if (bytes.length <= 5) throw new ApiError(44001)
  if (bytes.length > (kept.max ?? kind.max)) throw new ApiError(attachment ? 41080 : type === 'image' ? 40009 : 40006)
  if (!kind.names.test(filename)) throw new ApiError(attachment ? 41090 : 40004, filename)
  return keepMedia(world, { type, filename, mime, bytes }, kept)
}

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
    handle: async (world, { type }, call) => answer(world, type, await store(world, call, type, {})),
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/media/uploadimg',
    secrets: ANY,
    rate: (limits) => ({ day: limits.uploadimgPerDay, month: limits.uploadimgPerMonth }),
    upload: true,
    input: z.object({}),
    handle: async (world, _input, call) => ({
      url: `${world.addresses.url}/media/${await store(world, call, 'image', { permanent: true, max: 2 * MB })}`,
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
      return answer(world, type, await store(world, call, type, {}))
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
  endpoint({
    method: 'POST',
    path: '/cgi-bin/media/upload_attachment',
    secrets: ANY,
    upload: true,
    input: z.object({
      media_type: z.enum(['image', 'video', 'file'], says(40004)),
      attachment_type: int.pipe(z.literal([1, 2])),
    }),
    async handle(world, { media_type, attachment_type }, call) {
      const media_id = await store(world, call, media_type, { scene: attachment_type })
      return { type: media_type, media_id, created_at: world.clock.seconds() }
    },
  }),
  post(
    '/cgi-bin/media/upload_by_url',
    z.object({
      scene: z.literal(1),
      type: z.enum(['video', 'file'], says(40004)),
      filename: z.string().min(1),
      url: z.url({ protocol: /^https?$/ }),
      md5: z.string().regex(/^[\da-f]{32}$/i),
    }),
    (world, { scene: _scene, ...asked }) => ({ jobid: startUpload(world, asked) }),
  ),
  post('/cgi-bin/media/get_upload_by_url_result', z.object({ jobid: z.string().min(1) }), (world, { jobid }) => {
    const { status, errcode, errmsg, media_id, at } = known(world.store.uploadJobs.get(jobid), 40058, 'jobid')
    const file = media_id === undefined ? {} : { media_id, created_at: String(seconds(at)) }
    return status === 1 ? { status } : { status, detail: { errcode, errmsg, ...file } }
  }),
]
