import { expect, it } from 'vitest'
import { parseMarkdown } from './markdown.ts'

const plain = { bold: false, code: false, tone: '' }

it.each([
  ['# 战报', [{ kind: 'heading', spans: [{ ...plain, text: '战报' }] }]],
  ['> 跟进', [{ kind: 'quote', spans: [{ ...plain, text: '跟进' }] }]],
  [
    'a **b** c',
    [
      {
        kind: 'text',
        spans: [
          { ...plain, text: 'a ' },
          { ...plain, bold: true, text: 'b' },
          { ...plain, text: ' c' },
        ],
      },
    ],
  ],
  ['<font color="warning">急</font>', [{ kind: 'text', spans: [{ ...plain, tone: 'warning', text: '急' }] }]],
  ['[看](https://a.example.com)', [{ kind: 'text', spans: [{ ...plain, text: '看', url: 'https://a.example.com' }] }]],
  ['[看](javascript:void)', [{ kind: 'text', spans: [{ ...plain, text: '看' }] }]],
  ['<b onclick=x>', [{ kind: 'text', spans: [{ ...plain, text: '<b onclick=x>' }] }]],
])('%s', (source, lines) => expect(parseMarkdown(source)).toEqual(lines))
