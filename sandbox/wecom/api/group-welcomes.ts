import { z } from 'zod'
import { noticeOwners } from '../company/group-welcome.ts'
import { letters } from '../ids.ts'
import type { GroupWelcomeRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { bodies, checkContent, type Attachment } from './attachments.ts'
import { post, type Call } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { bytes, flag } from './schema.ts'

const base = '/cgi-bin/externalcontact/group_welcome_template'
const templateId = z.string().min(1)
const agentid = z.union([z.int(), z.string()]).optional()
const fields = z.object({
  text: z.object({ content: bytes(3000).default('') }).optional(),
  image: bodies.image.optional(),
  link: bodies.link.optional(),
  miniprogram: bodies.miniprogram.optional(),
  file: bodies.file.optional(),
  video: bodies.video.optional(),
  agentid,
})
type Fields = z.infer<typeof fields>

/** The one attachment that counts: image before link, mini-program, file, video. */
function attachmentOf(asked: Fields): Attachment | undefined {
  if (asked.image) return { msgtype: 'image', image: asked.image }
  if (asked.link) return { msgtype: 'link', link: asked.link }
  if (asked.miniprogram) return { msgtype: 'miniprogram', miniprogram: asked.miniprogram }
  if (asked.file) return { msgtype: 'file', file: asked.file }
  if (asked.video) return { msgtype: 'video', video: asked.video }
  return undefined
}

/** What a row keeps of the request; throws when it says nothing or a file is gone. */
function contentOf(world: World, asked: Fields): Pick<GroupWelcomeRow, 'text' | 'attachment'> {
  const attachment = attachmentOf(asked)
  checkContent(world, asked.text?.content ?? '', attachment ? [attachment] : [])
  return {
    ...(asked.text === undefined ? {} : { text: asked.text }),
    ...(attachment === undefined ? {} : { attachment }),
  }
}

/** The template, if it is the caller's own (41058). */
function own(world: World, id: string, call: Call): GroupWelcomeRow {
  const template = known(world.store.groupWelcomes.get(id), 40058, 'template_id')
  if (template.by !== call.secret) throw new ApiError(41058)
  return template
}

/** Group welcome templates (入群欢迎语素材); the owner of a group turns one on in the client. */
export const groupWelcomes = [
  post(`${base}/add`, fields.extend({ notify: flag.default(1) }), (world, asked, call) => {
    const content = contentOf(world, asked)
    const { groupWelcomes } = world.store
    if (groupWelcomes.size >= world.rates.limits().groupWelcomes) throw new ApiError(41055)
    const template_id = `msg${letters(29)}`
    const by = call.secret ?? 'agent'
    groupWelcomes.set(template_id, { template_id, by, create_time: world.clock.now(), ...content })
    if (asked.notify === 1) noticeOwners(world, template_id)
    return { template_id }
  }),
  post(`${base}/edit`, fields.extend({ template_id: templateId }), (world, asked, call) => {
    const { template_id, by, create_time } = own(world, asked.template_id, call)
    world.store.groupWelcomes.set(template_id, { template_id, by, create_time, ...contentOf(world, asked) })
    return {}
  }),
  post(`${base}/get`, z.object({ template_id: templateId }), (world, { template_id }) => {
    const { text, attachment } = known(world.store.groupWelcomes.get(template_id), 40058, 'template_id')
    const { msgtype: _msgtype, ...body } = attachment ?? { msgtype: '' }
    return { ...(text === undefined ? {} : { text }), ...body }
  }),
  post(`${base}/del`, z.object({ template_id: templateId, agentid }), (world, { template_id }, call) => {
    own(world, template_id, call)
    world.store.groupWelcomes.delete(template_id)
    return {}
  }),
]
