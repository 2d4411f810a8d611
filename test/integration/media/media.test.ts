import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Enqueue } from '../../../server/flow/jobs.ts'
import { createMedia } from '../../../server/media/media.ts'
import { createIds } from '../../../server/platform/id.ts'
import { amrFile, mp4File, pngFile, textFile } from '../../support/media.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
const mongo = useMongo()
beforeEach(() => mongo.get().connection.dropDatabase())

const uploadPath = '/cgi-bin/media/upload'
const day = 86_400_000

/** The library of one process, and what its sweep nudges. */
const library = () => {
  const live = new Set<string>()
  const nudged: string[] = []
  const enqueue: Enqueue = async (name, payload) => {
    if (name === 'media.renew' && 'ids' in payload) nudged.push(...payload.ids)
  }
  const media = createMedia({
    mongo: mongo.get(),
    clock: world.clock,
    log: quietLog,
    newId: createIds(world.clock),
    enqueue,
    wecom: world.adapter().media,
    bound: async () => live,
  })
  const add = (kind: 'image' | 'voice' | 'video' | 'file', name: string, bytes: Uint8Array) =>
    media.files.store({ kind, name, bytes, by: '李娜' })
  /** What the sweep and its job do at this moment. */
  const sweep = async (): Promise<void> => {
    await media.sweep.run(world.clock.date())
    const ids = nudged.splice(0)
    if (ids.length > 0) await media.jobs['media.renew']({ ids })
  }
  return { media, add, live, sweep }
}
const uploads = () => world.calls(uploadPath)

describe('keeping a file', () => {
  it('gives back every byte of one that is many pieces, and keeps the same one once', async () => {
    const { media, add } = library()
    const bytes = new Uint8Array(3 * 512 * 1024 + 17).map((_zero, index) => index % 251)
    const asset = await add('file', '手册.pdf', bytes)
    expect(Buffer.from(await library().media.files.bytesOf(asset)).equals(Buffer.from(bytes))).toBe(true)
    expect((await add('file', '手册.pdf', bytes))._id).toBe(asset._id)
    expect((await add('file', '另一本.pdf', bytes))._id).not.toBe(asset._id)
    expect((await media.files.list({ limit: 1 })).items).toMatchObject([{ name: '另一本.pdf' }])
    await media.files.remove(asset._id)
    await expect(media.files.bytesOf(asset)).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each([
    ['image', 'a.png', textFile('no picture'), 'media.format'],
    ['video', 'a.mp4', pngFile(), 'media.format'],
    ['voice', 'a.amr', textFile('no voice'), 'media.format'],
    ['voice', 'a.amr', amrFile(61), 'media.long'],
    ['file', 'a.txt', textFile('12345'), 'media.empty'],
    ['image', 'a.png', new Uint8Array([...pngFile(), ...new Uint8Array(10 * 1024 * 1024)]), 'media.size'],
  ] as const)('refuses a %s %s that WeCom would refuse', async (kind, name, bytes, code) => {
    await expect(library().add(kind, name, bytes)).rejects.toMatchObject({ code })
  })

  it('takes each kind by its content and gives the name the ending WeCom looks for', async () => {
    const { add } = library()
    expect(await add('image', '封面', pngFile())).toMatchObject({ name: '封面.png', mime: 'image/png' })
    expect(await add('video', 'v.mp4', mp4File())).toMatchObject({ name: 'v.mp4', mime: 'video/mp4' })
    expect(await add('voice', '问候.amr', amrFile(60))).toMatchObject({ seconds: 60 })
  })

  it('lets go of what was broken off a day ago', async () => {
    const { media, add, sweep } = library()
    const asset = await add('file', 'x.txt', textFile('some text'))
    await mongo
      .get()
      .connection.collection('media')
      .updateOne({}, { $set: { state: 'storing' } })
    await expect(media.files.get(asset._id)).rejects.toMatchObject({ code: 'not_found' })
    await world.advance(day + 1000)
    await sweep()
    expect(await mongo.get().connection.collection('mediachunks').countDocuments()).toBe(0)
  })
})

describe('what WeCom has of it', () => {
  it('is put there once, also when two processes and many askers want it at the same time', async () => {
    const [one, other] = [library(), library()]
    const { _id } = await one.add('image', 'a.png', pngFile(1))
    const before = await uploads()
    const ids = await Promise.all(
      [one, other, one, other, one, other].map(({ media }) => media.mediaIdFor(_id, 'message')),
    )
    expect(new Set(ids).size).toBe(1)
    expect((await uploads()) - before).toBe(1)
  })

  it('is of its own for each purpose, each by the call that purpose needs', async () => {
    const { media, add } = library()
    const { _id } = await add('image', 'a.png', pngFile(2))
    const ids = await Promise.all(
      (['message', 'moment', 'album', 'picture'] as const).map((purpose) => media.mediaIdFor(_id, purpose)),
    )
    expect(new Set(ids).size).toBe(4)
    expect(ids[3]).toMatch(/^http/)
  })

  it('is of use to every robot of the company, through the webhook of one', async () => {
    const { media, add } = library()
    const { _id } = await add('voice', '问候.amr', amrFile(1))
    const group = { name: '门店晨会', owner: 'lina', kind: 'internal' }
    const { chat_id } = z.object({ chat_id: z.string() }).parse(await world.act('groups', group))
    const made = await world.act(`groups/${chat_id}/robots`, { name: '播报' })
    const { webhook } = z.object({ webhook: z.string() }).parse(made)
    const id = await media.mediaIdFor(_id, { robot: webhook })
    expect(await media.mediaIdFor(_id, { robot: webhook })).toBe(id)
    expect(await world.calls('/cgi-bin/webhook/upload_media')).toBe(1)
    const wrong = { robot: 'https://elsewhere.example/cgi-bin/webhook/send?key=k' }
    await world.advance(4 * day)
    await expect(media.mediaIdFor(_id, wrong)).rejects.toMatchObject({ kind: 'config', errcode: 93000 })
  })

  it('is renewed before its 3 days end while a live rule or somebody uses it, and lapses otherwise', async () => {
    const { media, add, live, sweep } = library()
    const [bound, used, idle] = [
      await add('image', 'b.png', pngFile(3)),
      await add('image', 'u.png', pngFile(4)),
      await add('image', 'i.png', pngFile(5)),
    ]
    live.add(bound._id)
    await media.prefetch([bound._id, used._id, idle._id])
    await sweep()
    const first = await media.mediaIdFor(bound._id, 'message')
    const before = await uploads()
    for (let passed = 0; passed < 10; passed += 1) {
      await world.advance(day)
      await media.mediaIdFor(used._id, 'message')
      await sweep()
      const state = (await media.states([bound._id])).get(bound._id)
      expect(world.clock.now() - (state?.at?.getTime() ?? 0)).toBeLessThan(2.5 * day)
    }
    expect(await media.mediaIdFor(bound._id, 'message')).not.toBe(first)
    // Every other day for the two in use; the idle one while it counts as used lately.
    expect((await uploads()) - before).toBeLessThanOrEqual(5 + 5 + 4)
    const beforeIdle = await uploads()
    await world.advance(day)
    await media.mediaIdFor(idle._id, 'message')
    expect((await uploads()) - beforeIdle).toBe(1)
  })

  it('is put there anew at once after the clock has jumped a month', async () => {
    const { media, add } = library()
    const { _id } = await add('file', 'f.txt', textFile('a text file'))
    const first = await media.mediaIdFor(_id, 'message')
    await world.advance(30 * day)
    expect(await media.mediaIdFor(_id, 'message')).not.toBe(first)
  })

  it('that must outlive a late confirmation is renewed sooner', async () => {
    const { media, add } = library()
    const { _id } = await add('file', 'g.txt', textFile('another text'))
    const first = await media.mediaIdFor(_id, 'message')
    await world.advance(day)
    expect(await media.mediaIdFor(_id, 'message')).toBe(first)
    expect(await media.mediaIdFor(_id, 'message', { leftMs: 60 * 3_600_000 })).not.toBe(first)
  })

  it('fails with WeCom’s reason, says it in the library, and is tried again', async () => {
    const { media, add } = library()
    const { _id } = await add('file', 'h.txt', textFile('a third text'))
    await world.act('faults', { path: uploadPath, kind: 'errcode', errcode: 40004, times: 1 })
    await expect(media.mediaIdFor(_id, 'message')).rejects.toMatchObject({ errcode: 40004 })
    expect((await media.states([_id])).get(_id)?.error).toContain('40004')
    expect(await media.mediaIdFor(_id, 'message')).not.toBe('')
    expect((await media.states([_id])).get(_id)?.error).toBeNull()
  })

  it('is uploaded by somebody else when the process that began has died', async () => {
    const { media, add } = library()
    const { _id } = await add('file', 'k.txt', textFile('a fourth text'))
    await media.prefetch([_id])
    const dead = { id: 'dead', until: new Date(world.clock.now() + 90_000) }
    await mongo
      .get()
      .connection.collection('mediauploads')
      .updateOne({}, { $set: { claim: dead } })
    const asked = media.mediaIdFor(_id, 'message')
    await world.advance(91_000)
    expect(await asked).not.toBe('')
  })
})
