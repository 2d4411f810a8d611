import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { upload } from '../testing/upload.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
})
afterEach(() => sandbox.close())

const Result = z.looseObject({ status: z.int() })
async function resultOf(jobid: unknown): Promise<z.infer<typeof Result>> {
  for (let left = 200; ; left--) {
    const result = Result.parse(await sandbox.post('media/get_upload_by_url_result', { jobid }))
    if (result.status !== 1 || left === 0) return result
    await wait(10)
  }
}

/** Serves one file until the test is over. */
async function serve(content: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((_request, response) => response.end(content))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = z.object({ port: z.int() }).parse(server.address())
  return { url: `http://127.0.0.1:${port}/a.txt`, close: () => server.close() }
}

test('a file is fetched by its address; the callback says when it is done', async () => {
  const receiver = await sandbox.receiver()
  const { url, close } = await serve('价目表')
  const md5 = createHash('md5').update('价目表').digest('hex')
  const { jobid } = await sandbox.post('media/upload_by_url', { scene: 1, type: 'file', filename: 'a.txt', url, md5 })
  const result = await resultOf(jobid)
  expect(result).toMatchObject({ status: 2, detail: { errcode: 0, media_id: expect.any(String) } })
  const { media_id } = z.object({ media_id: z.string() }).parse(result['detail'])
  const query = new URLSearchParams({ access_token: await sandbox.token(), media_id })
  const file = await fetch(`${sandbox.url}/cgi-bin/media/get?${query.toString()}`)
  expect(await file.text()).toBe('价目表')
  expect((await receiver.until(1))[0]?.xml).toContain(
    `<Event><![CDATA[upload_media_job_finish]]></Event><JobId><![CDATA[${String(jobid)}]]>`,
  )
  close()
})

test('a wrong md5 or a dead address ends as failed', async () => {
  const { url, close } = await serve('价目表')
  const asked = { scene: 1, type: 'file', filename: 'a.txt', md5: 'a'.repeat(32) }
  for (const address of [url, `${sandbox.url}/nothing-here`, 'http://127.0.0.1:9/']) {
    const { jobid } = await sandbox.post('media/upload_by_url', { ...asked, url: address })
    expect(await resultOf(jobid)).toMatchObject({ status: 3, detail: { errcode: 40058 } })
  }
  close()
})

test('media ids end after 3 days; pictures of uploadimg have limits of their own', async () => {
  const media_id = await upload(sandbox, 'upload', new File(['123456'], 'a.txt'), { type: 'file' })
  await sandbox.advance(3 * 86_400_000 + 1000)
  expect(await sandbox.get('media/get', { media_id })).toMatchObject({ errcode: 40007 })
  await sandbox.act('limits', { uploadimgPerDay: 0 }, 'PUT')
  expect(await sandbox.post('media/uploadimg', {})).toMatchObject({ errcode: 45009 })
})

test('sizes: an empty file, and one above the limit of its kind', async () => {
  const send = async (path: string, size: number, name: string) => {
    const form = new FormData()
    form.set('media', new File([new Uint8Array(size)], name))
    const response = await fetch(`${sandbox.url}/cgi-bin/media/${path}&access_token=${await sandbox.token()}`, {
      method: 'POST',
      body: form,
    })
    return z.looseObject({ errcode: z.int().default(0) }).parse(await response.json()).errcode
  }
  expect(await send('upload?type=file', 5, 'a.txt')).toBe(44001)
  expect(await send('upload?type=voice', 2 * 1024 * 1024 + 1, 'a.amr')).toBe(40006)
  expect(await send('upload?type=image', 10 * 1024 * 1024 + 1, 'a.png')).toBe(40009)
  expect(await send('upload_attachment?media_type=video&attachment_type=1', 10 * 1024 * 1024 + 1, 'a.mp4')).toBe(41080)
})
