import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIds } from '../../../server/platform/id.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTags } from '../../../server/tags/tags.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { callbackRoutes } from '../../../server/callback/routes.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const world = useWecom()
let wecom: Wecom
let server: Server
let callback = ''

beforeAll(async () => {
  wecom = world.adapter()
  createTagsRead({ mongo: mongo.get() })
  await mongo.indexes()
  const app = new Koa()
  app.silent = true
  const receiving = callbackRoutes({
    config: {
      WECOM_CORP_ID: 'ww0000000000000001',
      WECOM_CALLBACK_TOKEN: 'sandboxToken',
      WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    },
    clock: world.clock,
    append: () => Promise.resolve(),
    metrics: createMetrics(),
    log: quietLog,
  })
  app.use(receiving.routes())
  const handle = app.callback()
  server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  callback = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  await world.put('app', {
    callbackUrl: `${callback}/wecom/callback`,
    sidebarUrl: `${callback}/sidebar/`,
    trustedDomain: new URL(callback).host,
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('tags', () => {
  const tagsRoom = () =>
    createTags({
      mongo: mongo.get(),
      newId: createIds(world.clock),
      setup: wecom.setup,
      wecom: wecom.read,
      log: quietLog,
    })

  it('makes a tag in both places, and follows WeCom’s changes', async () => {
    const tags = tagsRoom()
    const read = createTagsRead({ mongo: mongo.get() })
    const made = await tags.create({ name: '七号店', group: '来源' })
    expect(made.wecomId).not.toBeNull()
    await expect(tags.create({ name: '七号店', group: '来源' })).rejects.toMatchObject({ code: 'conflict.exists' })
    const other = await wecom.setup.addCorpTag({ group: '来源', name: '直播' })
    await tags.sync()
    await tags.sync()
    expect((await read.list()).map((tag) => tag.name).toSorted()).toEqual(['七号店', '直播'])
    expect(await read.byWecomIds([other.id, 'nowhere'])).toMatchObject([{ name: '直播', wecomId: other.id }])
    expect((await read.byIds([made.id]))[0]).toEqual(made)
  })

  it('keeps a tag local while WeCom cannot make it, and takes it there later', async () => {
    const tags = tagsRoom()
    await world.act('faults', { path: '/cgi-bin/externalcontact/add_corp_tag', kind: 'http_5xx', times: 1 })
    expect(await tags.create({ name: '晚到', group: '来源' })).toMatchObject({ wecomId: null })
    await tags.sync()
    const found = (await createTagsRead({ mongo: mongo.get() }).list()).filter((tag) => tag.name === '晚到')
    expect(found).toMatchObject([{ wecomId: expect.any(String) }])
  })
})
