import { z } from 'zod'
import { contract, png, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { media } from './media.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const { chat_id } = await sandbox.act('groups', { name: '店员群', owner: 'lina', kind: 'internal' })
  const { key } = await sandbox.act(`groups/${text.parse(chat_id)}/robots`, { name: '战报' })
  return { key: text.parse(key), media: await upload(sandbox) }
}

async function upload(sandbox: Sandbox): Promise<string> {
  const form = new FormData()
  form.set('media', new File(['{"a":"file that happens to be JSON"}'], 'a.json'))
  const query = new URLSearchParams({ type: 'file', access_token: await sandbox.token() })
  const response = await fetch(`${sandbox.url}/cgi-bin/media/upload?${query.toString()}`, {
    method: 'POST',
    body: form,
  })
  return z.object({ media_id: text }).parse(await response.json()).media_id
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
})
