import { z } from 'zod'
import { contract, png, seconds, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { upload } from '../testing/upload.ts'
import { media } from './media.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const { chat_id } = await sandbox.act('groups', { name: '店员群', owner: 'lina', kind: 'internal' })
  const { key } = await sandbox.act(`groups/${text.parse(chat_id)}/robots`, { name: '战报' })
  const url = `${sandbox.url}/nothing-here`
  const asked = { scene: 1, type: 'file', filename: 'a.txt', url, md5: 'a'.repeat(32) }
  const { jobid } = await sandbox.post('media/upload_by_url', asked)
  const json = new File(['{"a":"file that happens to be JSON"}'], 'a.json')
  const media = await upload(sandbox, 'upload', json, { type: 'file' })
  return { key: text.parse(key), media, url, job: text.parse(jobid) }
}

contract(media, prepare, {
  '/cgi-bin/media/get': {
    answersFile: true,
    good: ({ media }) => ({ media_id: media }),
    shape: z.looseObject({}),
    bad: () => [[{ media_id: 'x' }, 40007]],
  },
  '/cgi-bin/media/upload': {
    good: () => ({ type: 'image' }),
    file: png,
    shape: z.strictObject({ type: z.literal('image'), media_id: text, created_at: text.regex(/^\d{10}$/) }),
    bad: () => [
      [{ type: 'gif' }, 40004],
      [{}, 40004],
      [{ type: 'video' }, 40004],
    ],
  },
  '/cgi-bin/media/uploadimg': { good: () => ({}), file: png, shape: z.strictObject({ url: z.url() }) },
  '/cgi-bin/webhook/upload_media': {
    good: ({ key }) => ({ key, type: 'file' }),
    file: png,
    shape: z.strictObject({ type: z.literal('file'), media_id: text, created_at: text.regex(/^\d{10}$/) }),
    bad: ({ key }) => [
      [{ key: 'wrong', type: 'file' }, 93000],
      [{ key, type: 'image' }, 40004],
    ],
  },
  '/cgi-bin/media/upload_attachment': {
    good: () => ({ media_type: 'image', attachment_type: 1 }),
    file: png,
    shape: z.strictObject({ type: z.literal('image'), media_id: text, created_at: seconds }),
    bad: () => [
      [{ media_type: 'voice', attachment_type: 1 }, 40004],
      [{ media_type: 'image', attachment_type: 3 }, 40058],
      [{ media_type: 'image' }, 40063],
      [{ media_type: 'video', attachment_type: 1 }, 41090],
    ],
  },
  '/cgi-bin/media/upload_by_url': {
    good: ({ url }) => ({ scene: 1, type: 'file', filename: 'a.txt', url, md5: 'a'.repeat(32) }),
    shape: z.strictObject({ jobid: text.min(1) }),
    bad: ({ url }) => [
      [{ scene: 2, type: 'file', filename: 'a.txt', url, md5: 'a'.repeat(32) }, 40058],
      [{ scene: 1, type: 'image', filename: 'a.txt', url, md5: 'a'.repeat(32) }, 40004],
      [{ scene: 1, type: 'file', filename: 'a.txt', url: 'ftp://a/b', md5: 'a'.repeat(32) }, 40058],
      [{ scene: 1, type: 'file', filename: 'a.txt', url, md5: 'short' }, 40058],
      [{ scene: 1, type: 'file', url, md5: 'a'.repeat(32) }, 40063],
    ],
  },
  '/cgi-bin/media/get_upload_by_url_result': {
    good: ({ job }) => ({ jobid: job }),
    shape: z.strictObject({
      status: z.literal([1, 2, 3]),
      detail: z.strictObject({ errcode: z.int(), errmsg: text }).optional(),
    }),
    bad: () => [
      [{ jobid: 'x' }, 40058],
      [{}, 40063],
    ],
  },
})
