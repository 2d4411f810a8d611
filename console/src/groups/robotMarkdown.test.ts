import { describe, expect, it } from 'vitest'
import { robotMarkdown } from './robotMarkdown.ts'

describe('the markdown of robots', () => {
  it('has headings, quotes, bold, links, code, colours and mentions', () => {
    expect(
      robotMarkdown('# 早报\n> **新客** [看](https://a.cn) `3`\n<font color="warning">少了</font> <@lina>', 'v1'),
    ).toEqual([
      { kind: 'heading', level: 1, parts: [{ kind: 'text', text: '早报' }] },
      {
        kind: 'quote',
        parts: [
          { kind: 'bold', text: '新客' },
          { kind: 'text', text: ' ' },
          { kind: 'link', text: '看', url: 'https://a.cn' },
          { kind: 'text', text: ' ' },
          { kind: 'code', text: '3' },
        ],
      },
      {
        kind: 'line',
        parts: [
          { kind: 'colour', colour: 'warning', text: '少了' },
          { kind: 'text', text: ' ' },
          { kind: 'mention', text: 'lina' },
        ],
      },
    ])
  })

  it('shows what the first version does not know as it is', () => {
    expect(robotMarkdown('- 一\n|a|b|\n*斜*', 'v1').map(({ kind }) => kind)).toEqual(['line', 'line', 'line'])
  })

  it('of the second version has lists, tables, code, rules and no colours', () => {
    const blocks = robotMarkdown('- *斜*\n|a|b|\n|--|--|\n|1|2|\n---\n```\nx\n```\n<@lina>', 'v2')
    expect(blocks.map(({ kind }) => kind)).toEqual(['item', 'table', 'rule', 'code', 'line'])
    expect(blocks[1]).toMatchObject({
      rows: [
        [[{ text: 'a' }], [{ text: 'b' }]],
        [[{ text: '1' }], [{ text: '2' }]],
      ],
    })
    expect(blocks[4]).toEqual({ kind: 'line', parts: [{ kind: 'text', text: '<@lina>' }] })
  })

  it('of an open fence is code to the end', () => {
    expect(robotMarkdown('```\na\nb', 'v2')).toEqual([{ kind: 'code', text: 'a\nb' }])
  })
})
