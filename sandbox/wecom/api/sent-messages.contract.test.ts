import { z } from 'zod'
import { contract, nothing, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { sentMessages } from './sent-messages.ts'

const card = {
  card_type: 'button_interaction',
  main_title: { title: '客户到店' },
  button_list: [{ text: '好', key: 'ok' }],
  task_id: 'task-1',
}

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const message = { touser: 'lina', agentid: 1000002, msgtype: 'template_card', template_card: card }
  const first = await sandbox.post('message/send', message)
  const second = await sandbox.post('message/send', { ...message, template_card: { ...card, task_id: 'task-2' } })
  return { msgid: text.parse(first['msgid']), code: text.parse(second['response_code']) }
}

contract(sentMessages, prepare, {
  '/cgi-bin/message/update_template_card': {
    good: ({ code }) => ({
      userids: ['lina', 'Nobody'],
      agentid: 1000002,
      response_code: code,
      button: { replace_name: '已处理' },
    }),
    shape: z.strictObject({ invaliduser: z.tuple([z.literal('nobody')]) }),
    bad: ({ code }) => [
      [{ userids: ['lina'], agentid: 1, response_code: code, button: { replace_name: 'x' } }, 301002],
      [{ userids: ['lina'], agentid: 1000002, response_code: 'x', button: { replace_name: 'x' } }, 60140],
      [{ userids: ['lina'], agentid: 1000002, response_code: code, button: { replace_name: 'again' } }, 60140],
      [{ agentid: 1000002, response_code: code, button: { replace_name: 'x' } }, 82001],
      [{ userids: ['lina'], agentid: 1000002, response_code: code }, 40063],
      [{ userids: Array.from({ length: 1001 }, () => 'x'), agentid: 1000002, response_code: code }, 40058],
      [{ partyids: Array.from({ length: 101 }, () => 1), agentid: 1000002, response_code: code }, 82002],
      [{ tagids: Array.from({ length: 101 }, () => 1), agentid: 1000002, response_code: code }, 82003],
      [{ userids: ['lina'], agentid: 1000002, response_code: code, template_card: { card_type: 'x' } }, 40058],
    ],
  },
  '/cgi-bin/message/recall': {
    good: ({ msgid }) => ({ msgid }),
    shape: nothing,
    bad: () => [
      [{}, 41046],
      [{ msgid: 'x' }, 41047],
    ],
    last: true,
  },
})
