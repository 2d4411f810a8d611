import { expect, it } from 'vitest'
import { partsOf } from './parts.ts'

const link = { title: '指南', desc: '三步', url: 'https://a.example.com' }
const linkPart = { kind: 'link', title: '指南', desc: '三步', url: 'https://a.example.com', image: '' }

it.each([
  ['a chat line', 'text', '你好', { content: '你好' }, [{ kind: 'text', text: '你好' }]],
  [
    'a welcome message',
    'text',
    '欢迎',
    { text: { content: '欢迎' }, attachments: [{ msgtype: 'link', link }] },
    [{ kind: 'text', text: '欢迎' }, linkPart],
  ],
  ['a mass message without text', 'link', '', { attachments: [{ msgtype: 'link', link }] }, [linkPart]],
  [
    'a text card of the app',
    'textcard',
    '',
    { textcard: { title: '指南', description: '三步', url: link.url } },
    [linkPart],
  ],
  ['articles', 'news', '', { news: { articles: [{ title: '指南', description: '三步', url: link.url }] } }, [linkPart]],
  ['a robot', 'markdown', '# 战报', { markdown: { content: '# 战报' } }, [{ kind: 'markdown', text: '# 战报' }]],
  ['a kind nobody knows', 'poem', '诗', { poem: {} }, [{ kind: 'text', text: '诗' }]],
  ['no content at all', 'text', '你好', null, [{ kind: 'text', text: '你好' }]],
])('%s', (_name, msgtype, text, content, parts) => expect(partsOf({ msgtype, text, content })).toEqual(parts))
