import { z } from 'zod'
import { contract, over, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { appMessages } from './app-messages.ts'

const many = (count: number): string => Array.from({ length: count }, (_, i) => `x${i}`).join('|')
const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  return {}
}

contract(appMessages, prepare, {
  '/cgi-bin/message/send': {
    good: () => ({ touser: 'lina|Nobody', agentid: 1000002, msgtype: 'text', text: { content: '待办' } }),
    shape: z.strictObject({
      invaliduser: z.literal('nobody'),
      invalidparty: text,
      invalidtag: text,
      unlicenseduser: text,
      msgid: text,
    }),
    bad: () => [
      [{ touser: 'nobody', agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 81013],
      [{ touser: 'lina', agentid: 1, msgtype: 'text', text: { content: 'x' } }, 301002],
      [{ agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 82001],
      [{ toparty: many(101), agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 82002],
      [{ totag: many(101), agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 82003],
      [{ touser: many(1001), agentid: 1000002, msgtype: 'text', text: { content: 'x' } }, 40058],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'telegram' }, 40008],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: '' } }, 44004],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'text', text: { content: over(2048) } }, 45002],
      [{ touser: 'lina', agentid: 1000002, msgtype: 'image', image: { media_id: 'x' } }, 40007],
      [
        {
          touser: 'lina',
          agentid: 1000002,
          msgtype: 'news',
          news: { articles: Array.from({ length: 9 }, () => ({ title: 't', url: 'u' })) },
        },
        45008,
      ],
      [
        {
          touser: 'lina',
          agentid: 1000002,
          msgtype: 'template_card',
          template_card: { card_type: 'vote_interaction' },
        },
        42014,
      ],
    ],
  },
})
