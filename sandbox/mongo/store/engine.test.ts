import { serialize } from 'bson'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { encodeValue } from '../bson/key.ts'
import { Engine } from './engine.ts'

const idKey = encodeValue('a')
const doc = (n: number): Buffer => Buffer.from(serialize({ _id: 'a', n }))

it('what a session gave up while it was being committed is not written, for by then another one may have written the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiyin-engine-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const engine = new Engine(folder, (cause) => expect.unreachable(String(cause)), 'no')
  const coll = await engine.write(() => engine.catalog.create('d', 'c'))
  const put = (before: Buffer | undefined, after: Buffer): Promise<void> =>
    engine.writeWhenFree((writer) => writer.apply(coll, writer.stage(coll, idKey, before, after)))
  await put(undefined, doc(1))

  const first = engine.begin('session', 1n)
  first.apply(coll, first.stage(coll, idKey, doc(1), doc(2)))
  // What is in line before the commit: the session goes on meanwhile, and somebody else writes.
  const busy = engine.write(() => void engine.begin('session', 2n))
  const committed = engine.commit('session', first)
  await busy
  await expect(committed).rejects.toMatchObject({ code: 112 })
  expect(engine.reader.get(coll, idKey)).toEqual(doc(1))
  await put(doc(1), doc(3))

  const second = engine.begin('session', 3n)
  second.apply(coll, second.stage(coll, idKey, doc(3), doc(4)))
  await engine.commit('session', second)
  expect(engine.reader.get(coll, idKey)).toEqual(doc(4))
  await engine.close()
})
