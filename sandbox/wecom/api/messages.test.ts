import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const send = (more: object = {}) =>
  sandbox.post('message/send', {
    touser: 'lina',
    agentid: 1000002,
    msgtype: 'text',
    text: { content: '跟进提醒' },
    ...more,
  })
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(60)])

async function robot(): Promise<{ chat: string; post: (body: object) => Promise<unknown> }> {
  const { chat_id } = await sandbox.act('groups', { name: '店员', owner: 'lina', kind: 'internal' })
  const { webhook } = await sandbox.act(`groups/${String(chat_id)}/robots`, { name: '战报' })
  const post = async (body: object): Promise<unknown> =>
    (await fetch(String(webhook), { method: 'POST', body: JSON.stringify(body) })).json()
  return { chat: String(chat_id), post }
}

test('the duplicate check swallows the same message within its interval, and only then', async () => {
  const check = { enable_duplicate_check: 1, duplicate_check_interval: 600 }
  await send(check)
  expect(await send(check)).toMatchObject({ errcode: 0, errmsg: 'ok' })
  expect(await sandbox.ledger('to=lina')).toHaveLength(1)
  await send({ ...check, text: { content: '另一条' } })
  expect(await sandbox.ledger('to=lina')).toHaveLength(2)
  await sandbox.advance(601_000)
  await send(check)
  await send()
  expect(await sandbox.ledger('to=lina')).toHaveLength(4)
})

test('@all, departments and user lists reach each member once', async () => {
  await send({ touser: '@all' })
  await send({ touser: 'LINA|lina', toparty: '1' })
  expect((await sandbox.ledger('via=app')).map((one) => one.to.id)).toEqual(['lina', 'wang', 'lina', 'wang'])
})

test('more than 30 a minute to one member are dropped without a word', async () => {
  for (let i = 0; i < 31; i++) expect(await send({ text: { content: `第 ${i} 条` } })).toMatchObject({ errcode: 0 })
  expect(await sandbox.ledger('to=lina')).toHaveLength(30)
})

test('interactive cards answer a response code', async () => {
  const card = {
    card_type: 'button_interaction',
    main_title: { title: '客户到店' },
    button_list: [{ text: '好', key: 'ok' }],
    task_id: 't-1',
  }
  const answer = await send({ msgtype: 'template_card', template_card: card })
  expect(answer['response_code']).toMatch(/^\w{20,}$/)
  expect(await sandbox.ledger('to=lina')).toMatchObject([{ msgtype: 'template_card', text: '客户到店' }])
})

test('a robot takes 20 messages a minute', async () => {
  const { chat, post } = await robot()
  for (let i = 0; i < 20; i++)
    expect(await post({ msgtype: 'text', text: { content: `${i}` } })).toMatchObject({ errcode: 0 })
  expect(await post({ msgtype: 'text', text: { content: '20' } })).toMatchObject({ errcode: 45009 })
  await sandbox.advance(61_000)
  expect(await post({ msgtype: 'text', text: { content: '21' } })).toMatchObject({ errcode: 0 })
  expect(await sandbox.ledger(`to=${chat}&via=robot`)).toHaveLength(21)
})

test('a robot checks kind, md5 and size of images, and takes notices only', async () => {
  const { post } = await robot()
  const image = (bytes: Buffer, md5 = createHash('md5').update(bytes).digest('hex')) =>
    post({ msgtype: 'image', image: { base64: bytes.toString('base64'), md5 } })
  expect(await image(PNG)).toMatchObject({ errcode: 0 })
  expect(await image(PNG, 'wrong')).toMatchObject({ errcode: 40058 })
  expect(await image(Buffer.concat([PNG, Buffer.alloc(2 * 1024 * 1024)]))).toMatchObject({ errcode: 40009 })
  const card = (card_type: string) =>
    post({
      msgtype: 'template_card',
      template_card: {
        card_type,
        task_id: 'a',
        main_title: { title: 't' },
        card_action: { type: 1, url: 'https://a' },
        button_list: [{ text: 'x' }],
      },
    })
  expect(await card('text_notice')).toMatchObject({ errcode: 0 })
  expect(await card('button_interaction')).toMatchObject({ errcode: 40058 })
})

test('an unknown or removed key is refused, and customer groups hold no robot', async () => {
  const { chat, post } = await robot()
  const key = (await sandbox.state()).groups.find((group) => group.chat_id === chat)?.robots[0]?.key
  await sandbox.act(`groups/${chat}/robots/delete`, { key })
  expect(await post({ msgtype: 'text', text: { content: 'x' } })).toMatchObject({ errcode: 93000 })
  const { chat_id } = await sandbox.act('groups', { name: '客户', owner: 'lina', kind: 'customer' })
  await expect(sandbox.act(`groups/${String(chat_id)}/robots`, { name: 'x' })).rejects.toThrow(/can not hold a robot/)
})

test('files: kind and size are checked, ids live three days, uploaded images have a lasting address', async () => {
  const token = await sandbox.token()
  const upload = async (path: string, name: string, bytes: Buffer) => {
    const form = new FormData()
    form.set('media', new File([new Uint8Array(bytes)], name, { type: 'image/png' }))
    const response = await fetch(`${sandbox.url}/cgi-bin/media/${path}access_token=${token}`, {
      method: 'POST',
      body: form,
    })
    return z
      .looseObject({ errcode: z.int(), media_id: z.string().optional(), url: z.string().optional() })
      .parse(await response.json())
  }
  expect(await upload('upload?type=image&', 'a.gif', PNG)).toMatchObject({ errcode: 40004 })
  expect(await upload('upload?type=paper&', 'a.png', PNG)).toMatchObject({ errcode: 40004 })
  expect(await upload('upload?type=image&', 'a.png', Buffer.from('x'))).toMatchObject({ errcode: 44001 })
  expect(await upload('uploadimg?', 'a.png', Buffer.alloc(2 * 1024 * 1024 + 1))).toMatchObject({ errcode: 40009 })

  const { media_id } = await upload('upload?type=image&', '图.png', PNG)
  const download = await fetch(`${sandbox.url}/cgi-bin/media/get?media_id=${media_id}&access_token=${token}`)
  expect(Buffer.from(await download.arrayBuffer())).toEqual(PNG)
  const { url } = await upload('uploadimg?', 'a.png', PNG)
  await sandbox.advance(3 * 86_400_000 + 1000)
  expect(await send({ msgtype: 'image', image: { media_id } })).toMatchObject({ errcode: 40007 })
  expect((await fetch(url ?? '')).headers.get('content-type')).toBe('image/png')
})
