// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { type Client, endOf, openClient } from '../testing/client.ts'

let client: Client
beforeEach(async () => {
  client = await openClient()
  client.picked = ['local-1', 'local-2']
  client.register()
})

it('chooseImage answers local ids, as many as asked for', async () => {
  await expect(client.ww.chooseImage({ count: 1 })).resolves.toMatchObject({ localIds: ['local-1'] })
  client.picked = undefined
  expect(await endOf(client.ww.chooseImage())).toMatchObject({ errMsg: 'chooseImage:cancel' })
})

it('uploadImage answers the media_id of a chosen picture', async () => {
  await expect(client.ww.uploadImage({ localId: 'local-1' })).resolves.toMatchObject({ serverId: 'media-1' })
  expect(await endOf(client.ww.uploadImage({ localId: 'local-9' }))).toMatchObject({
    errMsg: 'uploadImage:fail invalid localid',
  })
})

it('previewImage shows the current picture, else the first', async () => {
  const [one, two] = ['https://a.example.com/1.png', 'https://a.example.com/2.png']
  await client.ww.previewImage({ current: two, urls: [one, two] })
  await client.ww.previewImage({ current: '', urls: [one] })
  expect(client.acts).toEqual([
    ['showPicture', two],
    ['showPicture', one],
  ])
})
