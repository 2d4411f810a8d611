import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const card = {
  card_type: 'button_interaction',
  main_title: { title: '客户到店' },
  button_list: [{ text: '好', key: 'ok' }],
  task_id: 'task-1',
}
const send = (message: object = { msgtype: 'text', text: { content: '开会' } }) =>
  sandbox.post('message/send', { touser: 'lina|wang', agentid: 1000002, ...message })
const update = (response_code: unknown, userids: string[] = ['lina']) =>
  sandbox.post('message/update_template_card', {
    userids,
    agentid: 1000002,
    response_code,
    button: { replace_name: '已处理' },
  })

test('a message taken back within 24 hours is marked for everybody who got it', async () => {
  const { msgid } = await send()
  expect(await sandbox.post('message/recall', { msgid })).toMatchObject({ errcode: 0 })
  const entries = await sandbox.ledger('via=app')
  expect(entries.map((one) => typeof one.recalled)).toEqual(['number', 'number'])
  const later = await send({ msgtype: 'text', text: { content: '另一条' } })
  await sandbox.advance(86_400_000 + 1000)
  expect(await sandbox.post('message/recall', { msgid: later['msgid'] })).toMatchObject({ errcode: 42052 })
  expect((await sandbox.ledger('via=app'))[2]?.recalled).toBeUndefined()
})

test('a card changes for those named, with the code of the answer or of a press, once, within 72 hours', async () => {
  const { msgid, response_code } = await send({ msgtype: 'template_card', template_card: card })
  await update(response_code)
  const contents = (await sandbox.ledger('via=app')).map((one) => one.content)
  expect(contents[0]).toMatchObject({ template_card: { replaced: { replace_name: '已处理' } } })
  expect(contents[1]).not.toHaveProperty('template_card.replaced')
  const pressed = await sandbox.act('app/card', { userid: 'wang', msgid, key: 'ok' })
  expect(await update(pressed['response_code'], ['wang'])).toMatchObject({ errcode: 0, invaliduser: [] })
  expect(await update(pressed['response_code'], ['wang'])).toMatchObject({ errcode: 60140 })
  const again = await sandbox.act('app/card', { userid: 'wang', msgid, key: 'ok' })
  await sandbox.advance(73 * 3_600_000)
  expect(await update(again['response_code'])).toMatchObject({ errcode: 60140 })
})

test('a whole card can take its place, for a department or for all', async () => {
  const { response_code } = await send({ msgtype: 'template_card', template_card: card })
  const next = { card_type: 'text_notice', main_title: { title: '已到店' }, card_action: { type: 1, url: 'https://a' } }
  const asked = { partyids: [1], agentid: 1000002, response_code, template_card: next }
  expect(await sandbox.post('message/update_template_card', asked)).toMatchObject({ errcode: 0 })
  for (const entry of await sandbox.ledger('via=app')) expect(entry.content).toMatchObject({ template_card: next })
})
