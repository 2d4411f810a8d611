import { contract, nothing, over, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { robots } from './robots.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  const { chat_id } = await sandbox.act('groups', { name: '店员群', owner: 'lina', kind: 'internal' })
  const { key } = await sandbox.act(`groups/${text.parse(chat_id)}/robots`, { name: '战报' })
  return { key: text.parse(key) }
}

contract(robots, prepare, {
  '/cgi-bin/webhook/send': {
    good: ({ key }) => ({ key, msgtype: 'markdown', markdown: { content: '**新客**' } }),
    shape: nothing,
    bad: ({ key }) => [
      [{ key, msgtype: 'text', text: { content: over(2048) } }, 45002],
      [{ key, msgtype: 'markdown', markdown: { content: over(4096) } }, 45002],
      [{ key, msgtype: 'image', image: { base64: 'aGVsbG8=', md5: 'x' } }, 40058],
      [{ key, msgtype: 'news', news: { articles: [] } }, 40058],
      [{ key, msgtype: 'miniprogram_notice' }, 40008],
      [{ key: 'wrong', msgtype: 'text', text: { content: 'x' } }, 93000],
      [{ msgtype: 'text', text: { content: 'x' } }, 93000],
    ],
  },
})
