import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { expect, it, onTestFinished } from 'vitest'
import { Storage } from './storage.ts'

it('reads and writes a folder that was made with other pages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiyin-storage-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const key = Buffer.from('key')
  const made = open<Buffer, Buffer>({ path: folder, keyEncoding: 'binary', encoding: 'binary', pageSize: 4096 })
  await made.openDB('docs', { keyEncoding: 'binary', encoding: 'binary' }).put(key, Buffer.from('before'))
  await made.close()

  const storage = new Storage(folder, (cause) => expect.unreachable(String(cause)))
  expect(storage.get(storage.docs, key)?.toString()).toBe('before')
  const large = Buffer.alloc(20_000, 'x')
  await storage.write(() => void storage.docs.put(key, large))
  expect(storage.get(storage.docs, key)).toEqual(large)
  expect(storage.sizeOnDisk() % 4096).toBe(0)
  await storage.close()
})
